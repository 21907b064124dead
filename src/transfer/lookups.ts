import type { Queryable } from '../database/connection.ts'
import type { Reader } from '../policy/reader.ts'
import { namedRecords } from './lookups.sql.ts'
import type { Target } from './targets.ts'

type Related = NonNullable<Target['related']>
/** An id, or why there is none. */
type Found = { id: string } | { message: string }

const KEPT = 20_000
const UNKNOWN: Found = { message: 'names nothing that is there' }

/** Finds related records by what people call them, for many rows at once. */
export class Lookups {
  #db: Queryable
  #reader: Reader | undefined
  #known = new Map<string, Map<string, Found>>()

  constructor(db: Queryable, reader: Reader | undefined) {
    this.#db = db
    this.#reader = reader
  }

  static plain({ resource, by }: Related, name: string): string {
    const text = name.normalize('NFC').trim()
    return resource.all[by]!.unique === 'ignoring-case' ? text.toLowerCase() : text
  }

  /** Reads those of `names` that are not known yet. What is not there is asked for again: a later row may have made it. */
  async load(related: Related, names: readonly string[]): Promise<void> {
    const known = this.#of(related)
    if (known.size > KEPT) known.clear()
    const missing = [...new Set(names.map((name) => Lookups.plain(related, name)))].filter((name) => !known.has(name))
    if (!missing.length) return
    const { text, values } = namedRecords(related, missing, this.#reader)
    for (const [id, name] of (await this.#db.rows(text, values)) as [string, string][]) {
      const key = Lookups.plain(related, name)
      known.set(key, known.has(key) ? { message: 'is the name of several records; use the id' } : { id })
    }
  }

  find(related: Related, name: string): Found {
    return this.#of(related).get(Lookups.plain(related, name)) ?? UNKNOWN
  }

  #of({ resource, by }: Related): Map<string, Found> {
    const path = `${resource.name}.${by}`
    let known = this.#known.get(path)
    if (!known) {
      known = new Map()
      this.#known.set(path, known)
    }
    return known
  }
}
