import { fieldFailure } from '../errors.ts'
import { translate } from '../hooks/translate-errors.ts'
import type { Call } from '../policy/call.ts'
import type { Resource } from '../schemas/define.ts'
import { type Key, keysOf } from '../schemas/keys.ts'
import type { Outcome, Patch } from '../services/many.ts'
import type { Row } from '../services/projection.ts'
import type { Converter, Line } from './convert.ts'
import type { Journal } from './journal.ts'
import type { Mapping } from './mapping.ts'
import { cleanCreate, cleanKey, cleanPatch, keyText } from './rows.ts'
import type { SourceRow } from './source.ts'
import type { Writer } from './writers.ts'

/** Everything one import works with. */
export interface Job {
  resource: Resource
  writer: Writer
  converter: Converter
  mapping: Mapping
  journal: Journal
  /** With the access of a create. */
  call: Call
  /** Rows change the records of this key, within the reach of this call. */
  upsert?: { key: Key; call: Call }
  /** The first faulty row ends the import. */
  stops: boolean
  idOf(row: number): string
  tell(event: 'created' | 'patched', record: Row): void
}

interface Work extends Line {
  key?: Row
  create?: Row
  patch?: Patch
  outcome?: Outcome
}

/**
 * The first rows are told to live readers one by one, as any write is. Thousands would drown a till, so those after them
 * are not: that the import is done says that lists are to be read anew.
 */
const MOST_EVENTS = 500

/** Writes the rows of one import, some hundred at a time. */
export class Importer {
  #job: Job
  #events = MOST_EVENTS
  /** Of a dry run: unique values of rows that would have been made, by key. */
  #seen: { key: Key; texts: Set<string> }[]

  constructor(job: Job) {
    this.#job = job
    this.#seen = keysOf(job.resource).map((key) => ({ key, texts: new Set() }))
  }

  /** Answers the first faulty row where that ends the import. */
  async write(rows: readonly SourceRow[]): Promise<number | undefined> {
    let rest: Work[] = await this.#job.converter.convert(rows)
    while (rest.length) {
      this.#findKeys(rest)
      const count = this.#distinct(rest)
      const bad = await this.#part(rest.slice(0, count))
      if (bad !== undefined) return bad
      rest = rest.slice(count)
    }
    return undefined
  }

  #findKeys(lines: Work[]): void {
    const { resource, upsert } = this.#job
    if (upsert)
      for (const line of lines) this.#checked(line, () => (line.key ??= cleanKey(resource, upsert.key, line.data)))
  }

  /** How many of the lines have keys that differ: the next one changes a record that is made, or changed, by these. */
  #distinct(lines: Work[]): number {
    const { upsert } = this.#job
    const keys = new Set<string>()
    const again = lines.findIndex(({ key }) => {
      const text = upsert && key && keyText(upsert.key, key)
      return text !== undefined && keys.size === keys.add(text).size
    })
    return again < 0 ? lines.length : again
  }

  async #part(lines: Work[]): Promise<number | undefined> {
    await this.#decide(lines)
    const { stops, journal } = this.#job
    let good = lines.filter(({ faults }) => !faults.length)
    if (stops) {
      good = until(lines, ({ faults }) => faults.length > 0)
      // Tried out first, so that nothing behind a row that is refused has been written.
      if (good.length && !this.#job.call.dry_run) {
        await this.#run(good, true)
        good = until(good, ({ outcome }) => outcome?.is === 'refused')
      }
    }
    await this.#run(good, false)
    for (const line of lines) {
      this.#count(line)
      if (stops && line.faults.length) return line.row
    }
    await journal.tick()
    return undefined
  }

  /** Cleans each line as the create or the patch it is going to be. */
  async #decide(lines: Work[]): Promise<void> {
    const { resource, call, upsert, writer, idOf } = this.#job
    const keys = lines.map(({ key }) => key).filter((key) => key !== undefined)
    const found = upsert && keys.length ? await writer.existing(upsert.key, keys, upsert.call) : []
    const stored = new Map(found.map((record) => [keyText(upsert!.key, record), record]))
    for (const line of lines) {
      const record = line.key && stored.get(keyText(upsert!.key, line.key))
      this.#checked(line, () => {
        if (record) {
          const changes = cleanPatch(resource, line.data, record, upsert!.key, upsert!.call)
          line.patch = { id: record.id as string, changes }
        } else {
          const data = cleanCreate(resource, line.data, call)
          line.create = { ...data, id: data.id ?? idOf(line.row) }
        }
      })
    }
  }

  /** Writes the lines, or with `trial` finds out what would become of them. */
  async #run(lines: Work[], trial: boolean): Promise<void> {
    const { call, upsert, writer } = this.#job
    const dry = trial || call.dry_run
    const whole = !dry && this.#events > 0
    if (dry) this.#recall(lines)
    const creates = lines.filter(({ create, outcome }) => create && !(dry && outcome))
    const patches = lines.filter(({ patch }) => patch)
    const made = creates.length
      ? await writer.createMany(
          creates.map(({ create }) => create!),
          { ...call, dry_run: dry },
          whole
        )
      : []
    const changed = patches.length
      ? await writer.updateMany(
          patches.map(({ patch }) => patch!),
          { ...upsert!.call, dry_run: dry },
          whole
        )
      : []
    creates.forEach((line, i) => {
      line.outcome = made[i]!
    })
    patches.forEach((line, i) => {
      line.outcome = changed[i]!
    })
    if (call.dry_run) this.#remember(creates)
  }

  /** What an earlier row of a dry run would have made is not there to be found. */
  #recall(lines: Work[]): void {
    const named = this.#job.upsert?.key.fields.join()
    for (const line of lines) {
      const { create } = line
      const earlier = create && this.#seen.find(({ key, texts }) => texts.has(keyText(key, create)))
      if (!earlier) continue
      const { fields } = earlier.key
      const error = fieldFailure('duplicate', fields[0]!)
      line.outcome = fields.join() === named ? { is: 'updated' } : { is: 'refused', error }
    }
  }

  #remember(lines: Work[]): void {
    for (const { create, outcome } of lines)
      for (const { key, texts } of this.#seen)
        if (outcome?.is === 'created' && key.fields.every((name) => create![name] != null))
          texts.add(keyText(key, create!))
  }

  #count(line: Work): void {
    const { journal, tell } = this.#job
    const { counts } = journal
    const { outcome } = line
    counts.rows_done++
    if (outcome?.is === 'refused') this.#note(line, outcome.error)
    if (line.faults.length) {
      journal.fault(line.faults)
      return
    }
    if (outcome?.is === 'unchanged') counts.skipped++
    else if (outcome?.is === 'updated') counts.updated++
    else counts.created++
    if (!outcome || !('record' in outcome) || !outcome.record || --this.#events < 0) return
    tell(outcome.is === 'updated' ? 'patched' : 'created', outcome.record)
  }

  #checked(line: Work, work: () => void): void {
    if (line.faults.length) return
    try {
      work()
    } catch (error) {
      this.#note(line, error)
    }
  }

  /** An error as faults of the row, each at the column that fills the field it speaks of. */
  #note(line: Work, thrown: unknown): void {
    const { resource, mapping } = this.#job
    const error = translate(thrown, resource.name, line.patch ? 'patch' : 'create')
    if (error.code >= 500) throw thrown
    const errors = (error.errors ?? []) as { path: string; message: string }[]
    const faults = Array.isArray(errors) ? errors.filter(({ path }) => path) : []
    for (const { path, message } of faults)
      line.faults.push({ row: line.row, column: mapping.titleOf(line.titles, path) ?? path, message })
    if (!faults.length) line.faults.push({ row: line.row, message: error.message })
  }
}

/** The lines before the first that is `bad`. */
function until(lines: Work[], bad: (line: Work) => boolean): Work[] {
  const end = lines.findIndex(bad)
  return end < 0 ? lines : lines.slice(0, end)
}
