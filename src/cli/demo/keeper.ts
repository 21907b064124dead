import type { Database } from '../../database/connection.ts'
import type { Row } from '../../services/projection.ts'
import type { Hands } from './hands.ts'

const NAMED = ['categories', 'brands', 'vendors', 'salesmen', 'expense-types', 'price-lists']

export interface Keeper {
  /** The id of what has this name: made once, and used as it is where it is there already and all branches may. */
  keep(path: string, name: string, more?: Row): Promise<string>
  /** The name, or with a number after it where something has it. */
  unused(path: string, name: string): string
}

export async function keeperOf(database: Database, hands: Hands, at: Date): Promise<Keeper> {
  const known: Record<string, Map<string, string | null>> = {}
  for (const path of NAMED) {
    const rows = await database.query<{ name: string; id: string; usable: boolean }>(
      `select lower(name) as name, id, to_jsonb(t) ->> 'branch_id' is null and coalesce(to_jsonb(t) ->> 'is_active', 'true') = 'true' as usable
       from ${path.replaceAll('-', '_')} t order by usable, created_at, id`
    )
    known[path] = new Map(rows.map(({ name, id, usable }) => [name, usable ? id : null]))
  }
  const unused = (path: string, name: string) => {
    let free = name
    for (let n = 2; known[path]!.has(free.toLowerCase()); n++) free = `${name} ${n}`
    return free
  }
  return {
    unused,
    async keep(path, name, more = {}) {
      const there = known[path]!.get(name.toLowerCase())
      if (there) return there
      const { id } = await hands.make(path, { ...more, name: unused(path, name) }, at)
      known[path]!.set(name.toLowerCase(), id as string)
      return id as string
    }
  }
}
