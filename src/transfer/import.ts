import { failure } from '../errors.ts'
import type { Access } from '../policy/access.ts'
import type { Call } from '../policy/call.ts'
import type { Publisher } from '../realtime/publisher.ts'
import type { Resource } from '../schemas/define.ts'
import type { Row } from '../services/projection.ts'
import type { ResourceService } from '../services/resource.ts'
import { Converter } from './convert.ts'
import { Importer } from './importer.ts'
import { ABANDONED, Journal } from './journal.ts'
import { Mapping } from './mapping.ts'
import type { ImportOptions } from './options.ts'
import { readRows } from './read.ts'
import { rowIds } from './row-ids.ts'
import { FileFault, type SourceRow } from './source.ts'
import { writerOf } from './writers.ts'

const CHUNK = 500
const MAX_ROWS = 1_000_000
const BROKE_OFF = 'The connection broke off. Send the file again with the same id to go on.'

export interface ImportParts {
  services: ReadonlyMap<string, ResourceService>
  publisher: Publisher
  /** Whether the program is stopping. */
  stopping(): boolean
}

/** One import that was asked for: of what, by whom, how. `call.access` is that of a create; undefined for everything. */
export interface ImportRequest {
  resource: Resource
  options: ImportOptions
  call: Call
  bytes: AsyncIterable<Uint8Array>
  progress?(rows: number): void
}

/** The caller's access to change records by an upsert. @throws 403 */
function updateAccess({ resource, call, options }: ImportRequest): Access | undefined {
  if (!options.upsert || !call.principal) return undefined
  const access = call.principal.access.of(resource.name, 'update')
  if (!access) throw failure('not_allowed')
  return access
}

/** A column may lead to another record of the same resource, which an earlier row may have to make first. */
const leadsToItself = (mapping: Mapping, titles: readonly string[]): boolean =>
  titles.some((title) => {
    const target = mapping.of(title)
    return target !== null && typeof target !== 'string' && target.related?.resource === mapping.reach.resource
  })

function requestOf({ resource, options }: ImportRequest, mapping: Mapping, titles: readonly string[]): Row {
  const { id, format, dry_run, on_error, upsert } = options
  return {
    id,
    resource: resource.name,
    format,
    dry_run,
    on_error,
    upsert: upsert?.fields.join(',') ?? null,
    mapping: mapping.described(titles)
  }
}

/**
 * Reads a file into a resource and answers the record of the import, also where the file ended early or rows failed.
 * `replayed` where the import was done before. @throws for what is wrong before anything is written
 */
export async function importFile(
  parts: ImportParts,
  request: ImportRequest
): Promise<{ record: Row; replayed: boolean }> {
  const { resource, options, call, bytes } = request
  const update = updateAccess(request)
  const service = parts.services.get(resource.name)!
  const mapping = new Mapping({ resource, create: call.access, call }, options.mapping)
  const rows = readRows(bytes, options.format, options)
  const titles = await titlesOf(rows, options)
  if (options.format !== 'jsonl') mapping.require(titles)

  const imports = parts.services.get('imports')!
  const journal = await Journal.begin(
    { imports, publisher: parts.publisher },
    requestOf(request, mapping, titles),
    call
  )
  if (!(journal instanceof Journal)) return { record: journal, replayed: true }
  const { database } = service.engine
  const own: Call = {
    principal: call.principal,
    reader: call.reader,
    access: call.access,
    request_id: call.request_id,
    dry_run: options.dry_run
  }
  const importer = new Importer({
    resource,
    writer: writerOf(service),
    converter: new Converter(mapping, database, { typed: options.format === 'jsonl', sign: options.decimal }),
    mapping,
    journal,
    call: own,
    ...(options.upsert && { upsert: { key: options.upsert, call: { ...own, access: update } } }),
    stops: options.on_error === 'stop',
    idOf: rowIds(options.id, journal.record.created_at as string),
    tell: (event, record) => parts.publisher.publish(resource, event, record)
  })
  const size = leadsToItself(mapping, [...titles, ...options.mapping.keys()]) ? 1 : CHUNK
  try {
    const why = await writeAll(rows, importer, journal, { size, ...parts, progress: request.progress })
    return { record: await journal.end(why), replayed: false }
  } catch (error) {
    await journal
      .end('Something went wrong on our side. Send the file again with the same id to go on.')
      .catch(() => {})
    throw error
  } finally {
    await rows.return(undefined)
  }
}

/** The titles of a table. @throws 400 for a file that cannot be read, or is empty */
async function titlesOf(rows: AsyncGenerator<SourceRow>, { format }: ImportOptions): Promise<readonly string[]> {
  if (format === 'jsonl') return []
  const unusable = (message: string) =>
    failure('invalid_data', { errors: [{ path: 'file', message }] }, `The file cannot be read. ${message}`)
  try {
    const { value, done } = await rows.next()
    if (!done) return value.titles
  } catch (error) {
    if (error instanceof FileFault) throw unusable(error.message)
    if (isBrokenOff(error)) throw unusable(BROKE_OFF)
    throw error
  }
  throw unusable('It is empty.')
}

/** Writes chunk after chunk; answers why it ended before the file did. */
async function writeAll(
  rows: AsyncGenerator<SourceRow>,
  importer: Importer,
  journal: Journal,
  { size, stopping, progress }: { size: number; stopping(): boolean; progress: ImportRequest['progress'] }
): Promise<string | undefined> {
  let chunk: SourceRow[] = []
  let count = 0
  const write = async () => {
    const bad = await importer.write(chunk)
    chunk = []
    progress?.(journal.counts.rows_done)
    if (bad !== undefined) return `Stopped at row ${bad}, which is at fault. The rows before it are written.`
    if (journal.lost) return BROKE_OFF
    return stopping() ? ABANDONED : undefined
  }
  try {
    for await (const row of rows) {
      if (++count > MAX_ROWS) throw new FileFault(`A file has at most ${MAX_ROWS} rows.`)
      chunk.push(row)
      const why = chunk.length < size ? undefined : await write()
      if (why !== undefined) return why
    }
  } catch (error) {
    if (error instanceof FileFault) return (await write()) ?? error.message
    if (isBrokenOff(error)) return BROKE_OFF
    throw error
  }
  return chunk.length ? write() : undefined
}

/** The client is gone, or its connection. */
export const isBrokenOff = (error: unknown) =>
  ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes((error as NodeJS.ErrnoException).code ?? '')
