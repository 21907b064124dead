import { failure } from '../errors.ts'
import type { Call } from '../policy/call.ts'
import type { Publisher } from '../realtime/publisher.ts'
import type { Row } from '../services/projection.ts'
import type { ResourceService } from '../services/resource.ts'
import { type Counts, noteProgress } from './journal.sql.ts'

export interface RowFault {
  row: number
  column?: string
  message: string
}

const MOST_FAULTS = 1000
const TICK_MS = 1000
const ALIVE_MS = 10_000
/** An import that was silent for so long is nobody's any more: its process is gone. */
const SILENT_MS = 60_000
export const ABANDONED = 'The server stopped. Send the file again with the same id to go on.'

const nothing = (): Counts => ({ rows_done: 0, created: 0, updated: 0, skipped: 0, failed: 0 })

interface Parts {
  imports: ResourceService
  publisher: Publisher
}

/** The record of one import while it runs. Its version fences it: whoever goes on with an import takes it away. */
export class Journal {
  readonly counts = nothing()
  readonly report: RowFault[] = []
  /** Somebody else has gone on with this import. */
  lost = false
  #parts: Parts
  #record: Row
  #call: Call
  #ticked = performance.now()
  #writing: Promise<void> = Promise.resolve()
  #beat: NodeJS.Timeout

  private constructor(parts: Parts, record: Row, call: Call) {
    this.#parts = parts
    this.#record = record
    this.#call = call
    this.#beat = setInterval(() => void this.#note().catch(() => {}), ALIVE_MS)
    this.#beat.unref()
  }

  /**
   * Begins an import, or goes on with one that ended before its file did: from the first row, as rows that were made are
   * known again. Answers the record alone where the import is done already.
   * @throws 409 id_conflict when the id was used for another import, import_running when it is still under way
   */
  static async begin(parts: Parts, data: Row, call: Call): Promise<Journal | Row> {
    const own: Call = { principal: call.principal, reader: call.reader, request_id: call.request_id }
    const record = await parts.imports.create(data, own)
    if (!own.replayed) {
      parts.publisher.publish(parts.imports.resource, 'created', record)
      return new Journal(parts, record, own)
    }
    if (record.status === 'done') return record
    const silent = Date.now() - Date.parse(record.updated_at as string) > SILENT_MS
    if (record.status === 'running' && !silent) throw failure('import_running')
    const fresh = {
      ...nothing(),
      version: record.version,
      status: 'running',
      report: [],
      failure: null,
      finished_at: null
    }
    const again = await parts.imports.patch(record.id as string, fresh, { ...own, replayed: undefined })
    parts.publisher.publish(parts.imports.resource, 'patched', again)
    return new Journal(parts, again, own)
  }

  get record(): Row {
    return this.#record
  }

  /** Notes what is wrong with a row. */
  fault(faults: RowFault[]): void {
    this.counts.failed++
    for (const fault of faults) if (this.report.length < MOST_FAULTS) this.report.push(fault)
  }

  /** Tells how far the import is, at most once a second. */
  async tick(): Promise<void> {
    if (performance.now() - this.#ticked < TICK_MS) return
    this.#ticked = performance.now()
    await this.#note()
  }

  /** Ends the import and answers its record; `why` where it ended before its file did. @throws 409 when it was lost */
  async end(why?: string): Promise<Row> {
    clearInterval(this.#beat)
    await this.#writing.catch(() => {})
    if (this.lost) throw failure('import_running')
    const { imports, publisher } = this.#parts
    const changes = {
      ...this.counts,
      report: this.report,
      status: why === undefined ? 'done' : 'failed',
      failure: why ?? null,
      finished_at: new Date().toISOString(),
      version: this.#record.version
    }
    this.#record = await imports.patch(this.#record.id as string, changes, this.#call)
    publisher.publish(imports.resource, 'patched', this.#record)
    return this.#record
  }

  /** One note after the other: each needs the version that the one before it left. */
  #note(): Promise<void> {
    this.#writing = this.#writing.catch(() => {}).then(() => this.#write())
    return this.#writing
  }

  async #write(): Promise<void> {
    const { imports, publisher } = this.#parts
    const { id, version } = this.#record
    const { text, values, projection } = noteProgress(imports.resource, id, version, this.counts, this.report)
    const [cells] = await imports.engine.database.rows(text, values)
    if (!cells) {
      this.lost = true
      return
    }
    this.#record = projection.decode(cells)
    publisher.publish(imports.resource, 'patched', this.#record)
  }
}

/** Ends imports whose process is gone. Another node may do the same at once: the version lets one of them. */
export async function endAbandoned({ imports, publisher }: Parts): Promise<void> {
  const before = new Date(Date.now() - SILENT_MS).toISOString()
  const { data } = await imports.find({ query: { status: 'running', updated_at: { $lt: before }, $total: 'none' } })
  await Promise.all(
    data.map(async ({ id, version }) => {
      const end = { version, status: 'failed', failure: ABANDONED, finished_at: new Date().toISOString() }
      const record = await imports.patch(id as string, end).catch((error) => {
        if (error.data?.reason !== 'stale_version') throw error
      })
      if (record) publisher.publish(imports.resource, 'patched', record)
    })
  )
}
