import type { Queryable } from '../../database/connection.ts'

/** How many codes are looked at a time: a run of codes that products have by hand is passed over in few statements. */
const AT_ONCE = 200

export interface Prefixes {
  own: string
  /** Of codes that hold a weight or a price, of all branches: products are shared. */
  embedded: string[]
}

/** What the codes of a branch begin with; undefined where there is no such branch. */
export async function prefixesAt(db: Queryable, branch: unknown): Promise<Prefixes | undefined> {
  const [found] = await db.query<Prefixes>(
    `select coalesce(b.barcode_prefix, '20') as own, array(select p->>'prefix' from settings s, jsonb_array_elements(s.value) p
       where s.key = 'embedded_barcodes') as embedded from branches b where b.id = $1`,
    [branch]
  )
  return found
}

/**
 * The next of `codesFrom(n)` that nobody has, for good; undefined when there is none left. One at a time gives out codes,
 * as series of prefixes such as 20 and 201 share codes.
 */
export async function takeCode(
  db: Queryable,
  prefix: string,
  codesFrom: (from: number, count: number) => string[]
): Promise<string | undefined> {
  await db.query(`select pg_advisory_xact_lock(hashtext('regal.barcodes'))`)
  const [series] = await db.query<{ next_no: string }>(
    `insert into barcode_series as s (prefix, next_no) values ($1, 0)
     on conflict (prefix) do update set next_no = s.next_no returning next_no`,
    [prefix]
  )
  let from = Number(series!.next_no)
  for (;;) {
    const codes = codesFrom(from, AT_ONCE)
    if (!codes.length) return undefined
    const free = await firstFree(db, codes)
    if (free !== undefined) {
      await db.query('update barcode_series set next_no = $2 where prefix = $1', [
        prefix,
        from + codes.indexOf(free) + 1
      ])
      return free
    }
    from += codes.length
  }
}

async function firstFree(db: Queryable, codes: string[]): Promise<string | undefined> {
  const [row] = await db.query<{ code: string }>(
    `select c.code from unnest($1::text[]) with ordinality c (code, place)
     where not exists (select from products p where p.barcode = c.code) and not exists (select from barcodes b where b.code = c.code)
     order by c.place limit 1`,
    [codes]
  )
  return row?.code
}
