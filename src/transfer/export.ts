import type { Readable } from 'node:stream'
import type { Context } from 'koa'
import { fieldFailure } from '../errors.ts'
import { fullAccess } from '../policy/access.ts'
import type { Call } from '../policy/call.ts'
import { cursorOf } from '../schemas/cursor.ts'
import type { Plan } from '../schemas/query.ts'
import type { Row } from '../services/projection.ts'
import type { ResourceService } from '../services/resource.ts'
import { columnsOf, encoders } from './encode.ts'
import { CONTENT_TYPES, FORMATS, type Format } from './source.ts'

const PAGE = 2000
const refuse = (path: string, message: string) => fieldFailure('invalid_query', path, message)

export interface ExportRequest {
  service: ResourceService
  /** With the plan of the list, and the access of a read. */
  call: Call
  format: unknown
}

function formatOf(given: unknown): Format {
  const format = FORMATS.find((name) => name === (given ?? 'csv'))
  if (!format) throw refuse('$format', `must be one of ${FORMATS.join(', ')}`)
  return format
}

/** @throws 400 for words that make a part of a list, or no list at all */
function planOf({ service, call }: ExportRequest, format: Format): Plan {
  const plan = call.plan!
  for (const word of ['$limit', 'limit', '$skip', 'offset', '$after', '$total'])
    if (call.query?.[word] !== undefined) throw refuse(word, 'is not for an export, which is the whole list')
  if (plan.aggregate) throw refuse('$group', 'is not for an export')
  if (format === 'jsonl') return plan
  if (plan.include.length) throw refuse('$include', 'is for $format=jsonl')
  // Named columns: a table has no place for what is embedded in a record.
  return { ...plan, select: plan.select ?? [...(call.access ?? fullAccess(service.resource)).fields] }
}

/**
 * All records of a list, a page at a time: each begins after the last record of the one before, so that no transaction
 * is open while a slow client reads.
 */
async function* pagesOf(service: ResourceService, call: Call, plan: Plan): AsyncGenerator<Row[]> {
  const { resource } = service
  const everything = { resource, readable: fullAccess(resource).has, textual: false, related: () => null }
  let after: Plan['after'] = { values: null }
  for (;;) {
    const { principal, reader, access } = call
    const page = await service.find({
      principal,
      reader,
      access,
      plan: { ...plan, limit: PAGE, skip: 0, total: 'none', after }
    })
    yield page.data
    if (typeof page.next !== 'string') return
    after = cursorOf(everything, plan.sort, page.next)
  }
}

async function* from(first: Row[], rest: AsyncGenerator<Row[]>): AsyncGenerator<Row[]> {
  try {
    yield first
    yield* rest
  } finally {
    await rest.return(undefined)
  }
}

/**
 * All records of a list that the caller may see, as the bytes of a file. What fails before the first byte is thrown here.
 * @throws 400 invalid_query
 */
export async function exportStream(request: ExportRequest): Promise<{ format: Format; stream: Readable }> {
  const { service, call } = request
  const format = formatOf(request.format)
  const plan = planOf(request, format)
  const pages = pagesOf(service, call, plan)
  const { value: first } = await pages.next()
  const columns = columnsOf(service.resource, plan.select ?? [])
  return { format, stream: encoders[format](from(first as Row[], pages), columns) }
}

/** Answers a list as a file. */
export async function exportFile(ctx: Context, request: ExportRequest): Promise<void> {
  const { format, stream } = await exportStream(request)
  const { resource, engine } = request.service
  const day = request.call.reader?.today ?? engine.places.today(null)
  // Half a file must not pass for a whole one: without its end the connection breaks.
  stream.on('error', () => ctx.res.destroy())
  ctx.set('Content-Type', `${CONTENT_TYPES[format]}${format === 'xlsx' ? '' : '; charset=utf-8'}`)
  ctx.set('Content-Disposition', `attachment; filename="${resource.name}-${day}.${format}"`)
  ctx.status = 200
  ctx.body = stream
}
