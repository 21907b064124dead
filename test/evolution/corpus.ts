import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import pg from 'pg'
import type { Database, Queryable } from '../../src/database/connection.ts'
import { applyMigration } from '../../src/database/migrate.ts'
import {
  differencesOf,
  measure,
  type Plan,
  plan,
  questions,
  type Snapshot,
  snapshotOf
} from '../../src/evolution/index.ts'
import { modelSql } from '../../src/schemas/ddl.ts'
import { defineResource, type Fields, type Resource, type ResourceOptions } from '../../src/schemas/define.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

type Row = Record<string, unknown>
type Options = Partial<ResourceOptions<Fields>> & { name?: string }
/** A definition of `things`: its fields, or its fields and what else a resource may say. */
export type Definition = Fields | { fields: Fields; options: Options }

/** One change of the definitions, what is there, and what must come of it. */
export interface Change {
  name: string
  /** Other resources of both sides, made before the things. */
  beside?: Resource[]
  before?: Definition | Resource[]
  after: Definition | Resource[]
  rows?: Row[]
  fill?: Record<string, string>
  loss?: Record<string, number>
  /** The steps as `class subject`, in any order; those of the bounds of new columns are not told. */
  steps: string[]
  /** What was counted, as `subject n`. */
  counts?: string[]
  refused?: RegExp
  /** What remains, in the order of the rows; only these columns are compared. */
  remains?: Row[]
  /** Run once the things are there, and once all is applied. */
  setup?: string
  verify?: (db: Scratch) => Promise<void>
}

const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

export { idOf }

export function things(definition: Definition): Resource {
  const { fields, options } =
    'fields' in definition && 'options' in definition
      ? (definition as { fields: Fields; options: Options })
      : { fields: definition as Fields, options: {} as Options }
  const { name = 'things', ...rest } = options
  return defineResource(name, { fields, label: 'id', ...rest } as ResourceOptions<Fields>) as unknown as Resource
}

const resourcesOf = (definition: Definition | Resource[] | undefined, beside: Resource[] = []): Resource[] => [
  ...beside,
  ...(definition === undefined ? [] : Array.isArray(definition) ? definition : [things(definition)])
]

/** A schema of its own in the database of the file, with one connection that works in it. */
export class Scratch {
  readonly client: pg.Client
  readonly schema: string
  #client: pg.Client

  constructor(client: pg.Client, schema: string) {
    this.client = client
    this.#client = client
    this.schema = schema
  }

  async query<T = Row>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.#client.query(text, values)).rows as T[]
  }

  get queryable(): Queryable {
    return {
      query: <T>(text: string, values: readonly unknown[] = []) => this.query<T>(text, [...values]),
      rows: async (text, values = []) =>
        (await this.#client.query({ text, values: [...values], rowMode: 'array' })).rows,
      afterCommit: (effect) => effect()
    }
  }

  /** As `Database.rehearsal`, on this connection. */
  get database(): Pick<Database, 'rehearsal'> {
    return {
      rehearsal: async (work) => {
        await this.query('begin')
        try {
          return await work(this.queryable)
        } finally {
          await this.query('rollback')
        }
      }
    }
  }

  async make(tables: Snapshot): Promise<void> {
    for (const table of Object.values(tables)) for (const statement of modelSql(table)) await this.query(statement)
  }

  async insert(table: string, rows: Row[]): Promise<void> {
    for (const [i, row] of rows.entries()) {
      const entries = Object.entries({ id: idOf(i + 1), ...row })
      const names = entries.map(([name]) => `"${name}"`).join(', ')
      const places = entries.map((_, n) => `$${n + 1}`).join(', ')
      const values = entries.map(([, value]) => value)
      await this.query(`insert into ${table} (${names}) values (${places})`, values)
    }
  }

  /** Applies the files of a plan as `regal migrate` does; those apart a second time too, as after a failure. */
  async apply({ files }: Plan, again = true): Promise<void> {
    for (const { name, sql } of files) {
      const named = `${this.schema}_${name}`
      const checksum = createHash('sha256').update(sql).digest('hex')
      await applyMigration(this.client, { name: named, sql, checksum })
      if (again && sql.startsWith('-- regal: statements apart'))
        await applyMigration(this.client, { name: `${named}_again`, sql, checksum })
    }
  }
}

let schemas = 0

export class Corpus {
  #db: TestDatabase | undefined

  get db(): TestDatabase {
    return this.#db!
  }

  async open(): Promise<void> {
    this.#db = await createTestDatabase()
  }

  close(): Promise<void> {
    return this.db.drop()
  }

  async scratch<T>(work: (scratch: Scratch) => Promise<T>): Promise<T> {
    const schema = `case_${++schemas}`
    const client = new pg.Client({ connectionString: this.db.url })
    await client.connect()
    try {
      await client.query(`create schema ${schema}`)
      await client.query(`set search_path to ${schema}, public`)
      await client.query(`set timezone to 'Asia/Karachi'`)
      return await work(new Scratch(client, schema))
    } finally {
      await client.end()
    }
  }
}

export async function planned(
  scratch: Scratch,
  before: Snapshot,
  after: Snapshot,
  change: Pick<Change, 'fill' | 'loss'>
) {
  const choices = { ...(change.fill && { fill: change.fill }), ...(change.loss && { loss: change.loss }) }
  const facts = await measure(scratch.queryable, questions(before, after, choices))
  return plan(before, after, { ...choices, number: 7, facts })
}

async function hold(scratch: Scratch, change: Change): Promise<void> {
  const before = snapshotOf(resourcesOf(change.before, change.beside))
  const after = snapshotOf(resourcesOf(change.after, change.beside))
  await scratch.make(before)
  if (change.setup) await scratch.query(change.setup)
  await scratch.insert(Object.values(before).at(-1)?.name ?? '', change.rows ?? [])

  const made = await planned(scratch, before, after, change)
  const steps = made.steps.map(({ class: word, subject }) => `${word} ${subject}`)
  assert.deepEqual(steps.sort(), [...change.steps].sort())
  const counts = made.steps.filter(({ count }) => count?.n).map(({ subject, count }) => `${subject} ${count!.n}`)
  assert.deepEqual(counts.sort(), [...(change.counts ?? [])].sort())
  if (change.refused) {
    assert.match(made.refusals.join('\n'), change.refused)
    assert.deepEqual(made.files, [])
    return
  }
  assert.deepEqual(made.refusals, [])
  await scratch.apply(made)
  assert.deepEqual(await differencesOf(scratch.database, after, {}), [])
  if (change.remains) {
    const columns = Object.keys(change.remains[0] ?? {}).map((name) => `"${name}"`)
    const table = Object.values(after).at(-1)!.name
    const rows = await scratch.query(`select ${columns.join(', ') || 'id'} from ${table} order by id`)
    assert.deepEqual(rows, change.remains)
  }
  await change.verify?.(scratch)
}

/** Declares a test for each change: planned, judged, applied, compared with freshly made tables, rows read. */
export function holds(title: string, changes: readonly Change[]): void {
  describe(title, () => {
    const corpus = new Corpus()
    before(() => corpus.open())
    after(() => corpus.close())
    for (const change of changes) it(change.name, () => corpus.scratch((scratch) => hold(scratch, change)))
  })
}
