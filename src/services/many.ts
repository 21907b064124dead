import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '../database/connection.ts'
import { isUnavailable } from '../database/errors.ts'
import { failure, fieldFailure } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Call } from '../policy/call.ts'
import { type Key, keysOf } from '../schemas/keys.ts'
import { fingerprintOf } from './exactly-once.ts'
import { conflictsOf, insertMany, selectMany, updateMany } from './many.sql.ts'
import type { Row } from './projection.ts'
import { ResourceService } from './resource.ts'

/** What became of one row of many. `made before`: an earlier run made the same row under the same id. */
export type Outcome =
  | { is: 'created' | 'updated'; record?: Row }
  | { is: 'unchanged' | 'made before' }
  | { is: 'refused'; error: unknown }

/** Fields of one record to change, as a patch takes them. */
export interface Patch {
  id: string
  changes: Row
}

/** Rows on their way, and what has become of them. `whole`: their records are answered. */
interface Batch<T> {
  rows: readonly T[]
  outcomes: Outcome[]
  call: Call
  whole: boolean
}

/** A record to be made, with the fingerprint of the data it came of. */
interface Made {
  record: Row
  print: string
}

/** The id as a key like others. */
export const BY_ID: Key = { fields: ['id'], ignoresCase: false, countsNull: false }

/**
 * Writes many records of a resource without behaviour of its own: a statement for some hundred of them, with an audit row
 * for each. What one row is refused for, it is refused for alone. With `dry_run` nothing stays.
 */
export class ManyWriter extends ResourceService {
  /**
   * Makes records of cleaned data, each with its id. `whole`: their records are answered.
   * @throws only what no row is at fault for
   */
  async createMany(rows: readonly Row[], call: Call, whole: boolean): Promise<Outcome[]> {
    const made = rows.map((data) => ({
      record: this.complete(data, call),
      print: fingerprintOf(this.resource, data, call)
    }))
    const outcomes = made.map(({ record }) => this.allowed(record, call))
    const batch = { rows: made, outcomes, call, whole }
    await this.apart(within(outcomes), outcomes, (part) => this.attempt(call, (db) => this.insertPart(db, part, batch)))
    return outcomes
  }

  /** The records in reach of an update that `values` name by a key. */
  async existing(key: Key, values: readonly Row[], call: Call, lock = false): Promise<Row[]> {
    const { text, values: bound, projection } = selectMany(this.resource, key, values, this.scope(call), lock)
    return (await this.db(call).rows(text, bound)).map((cells) => projection.decode(cells))
  }

  /** Changes records by cleaned patches; `call.access` is that of an update. @throws only what no row is at fault for */
  async updateMany(patches: readonly Patch[], call: Call, whole: boolean): Promise<Outcome[]> {
    const outcomes = patches.map(({ changes }) => this.allowed(changes, call, true))
    const batch = { rows: patches, outcomes, call, whole }
    await this.apart(within(outcomes), outcomes, (part) =>
      this.attempt(
        call,
        (db) => this.updatePart(db, part, batch),
        (work) => this.engine.database.transaction(work)
      )
    )
    return outcomes
  }

  private allowed(record: Row, call: Call, partial = false): Outcome {
    try {
      this.requireWithin(record, call, partial)
      return { is: 'created' }
    } catch (error) {
      return { is: 'refused', error }
    }
  }

  /** Runs `work` and keeps what it wrote, unless the call is a dry run. One statement needs no transaction of its own. */
  private attempt(
    call: Call,
    work: (db: Queryable) => Promise<void>,
    keep = (alone: typeof work) => alone(this.engine.database)
  ): Promise<void> {
    return call.dry_run ? this.engine.database.rehearsal(work) : keep(work)
  }

  /** Writes `part` at once; where PostgreSQL refuses it, its halves, down to the rows at fault. */
  private async apart(part: number[], outcomes: Outcome[], write: (part: number[]) => Promise<void>): Promise<void> {
    if (!part.length) return
    try {
      await write(part)
    } catch (error) {
      if (isUnavailable(error)) throw error
      if (part.length === 1) {
        outcomes[part[0]!] = { is: 'refused', error }
        return
      }
      const half = part.length >> 1
      await this.apart(part.slice(0, half), outcomes, write)
      await this.apart(part.slice(half), outcomes, write)
    }
  }

  private async insertPart(db: Queryable, part: number[], batch: Batch<Made>): Promise<void> {
    const { rows, outcomes, call, whole } = batch
    const drafts = part.map((i) => ({ record: rows[i]!.record, audit_id: newId(), fingerprint: rows[i]!.print }))
    const { text, values, projection } = insertMany(this.resource, drafts, this.author(call), whole)
    const made = new Map((await db.rows(text, values)).map((cells) => [projection.decode(cells).id, cells]))
    const left = part.filter((i) => {
      const { id } = rows[i]!.record
      const cells = made.get(id)
      if (cells) outcomes[i] = { is: 'created', ...(whole && { record: projection.decode(cells) }) }
      // Of two rows with one id the first is the one that was made.
      return !made.delete(id)
    })
    if (left.length) await this.explain(db, left, batch)
  }

  /** Says of rows that were left out whose id or unique value they have. */
  private async explain(db: Queryable, left: number[], { rows, outcomes }: Batch<Made>): Promise<void> {
    const keys = keysOf(this.resource)
    const records = left.map((i) => rows[i]!.record)
    const { text, values } = conflictsOf(this.resource, records)
    for (const [no, isThere, print, ...taken] of await db.rows(text, values)) {
      const i = left[no as number]!
      const field = keys[taken.indexOf(true)]?.fields[0]
      if (isThere && print === rows[i]!.print) outcomes[i] = { is: 'made before' }
      else if (isThere) outcomes[i] = { is: 'refused', error: failure('id_conflict') }
      else outcomes[i] = { is: 'refused', error: field ? fieldFailure('duplicate', field) : failure('duplicate') }
    }
  }

  private async updatePart(
    db: Queryable,
    part: number[],
    { rows, outcomes, call, whole }: Batch<Patch>
  ): Promise<void> {
    const ids = part.map((i) => ({ id: rows[i]!.id }))
    const locked = await this.existing(BY_ID, ids, { ...call, transaction: db }, true)
    const stored = new Map(locked.map((record) => [record.id, record]))
    const changed = part.flatMap((i) => {
      const { id, changes } = rows[i]!
      const record = stored.get(id)
      if (!record) {
        outcomes[i] = { is: 'refused', error: failure('not_found') }
        return []
      }
      const different = this.differing(changes, record, call)
      outcomes[i] = { is: 'unchanged' }
      return Object.keys(different).length ? [{ i, id, changes: different, audit_id: newId() }] : []
    })
    if (!changed.length) return
    const list = changed.map(({ id, changes, audit_id }) => ({ id, changes, audit_id }))
    const { text, values, projection } = updateMany(this.resource, list, this.author(call), whole)
    const written = (await db.rows(text, values)).map((cells) => projection.decode(cells))
    const records = new Map(written.map((record) => [record.id, record]))
    for (const { i, id } of changed) outcomes[i] = { is: 'updated', ...(whole && { record: records.get(id)! }) }
  }

  /** A field that the caller cannot read counts as different, or the report would tell who guesses its value. */
  private differing(changes: Row, record: Row, { principal }: Call): Row {
    const read = principal?.access.of(this.resource.name, 'read')?.has
    const differs = ([name, value]: [string, unknown]) =>
      (principal && !read?.has(name)) || !isDeepStrictEqual(record[name], value)
    return Object.fromEntries(Object.entries(changes).filter(differs))
  }
}

/** The places of rows that the caller may write. */
const within = (outcomes: Outcome[]): number[] => outcomes.flatMap(({ is }, i) => (is === 'refused' ? [] : [i]))
