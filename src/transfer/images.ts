import type { Application } from '@feathersjs/koa'
import type { Context, Middleware } from 'koa'
import { failure, fieldFailure } from '../errors.ts'
import type { Hook } from '../hooks/types.ts'
import { validate } from '../hooks/validate.ts'
import { allowTime } from '../rest/patience.ts'
import { IMAGE_TYPES } from '../schemas/files.ts'
import { FileService } from '../services/files/service.ts'
import type { Row } from '../services/projection.ts'
import type { ResourceService } from '../services/resource.ts'
import { behind, contextOf } from './behind.ts'
import { bytesOf, finishBody, requireSize } from './body.ts'
import { isBrokenOff } from './import.ts'
import { FileFault } from './source.ts'

export interface ImageParts {
  app: Application
  services: ReadonlyMap<string, ResourceService>
  hooks: readonly Hook[]
  limits: { image_bytes: number; uploads_at_once: number }
}

const LIST = /^\/files\/?$/
const CONTENT = /^\/files\/([^/]+)\/content\/?$/

/** A picture never changes; who reads it with another token asks again, and is told that theirs is still the same. */
const CACHED = 'private, max-age=31536000, immutable'

/** Whether the caller has this very content already (RFC 9110, 13.1.2). */
const isKnown = (header: string | undefined, tag: string): boolean =>
  header?.split(',').some((given) => ['*', tag, `W/${tag}`].includes(given.trim())) ?? false

/** @throws 413 too_large, 415 unsupported_type, 422 invalid_image for one that broke off */
async function readBody({ req, headers }: Context, limit: number): Promise<Uint8Array> {
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (!IMAGE_TYPES.some((known) => known === type) || headers['content-encoding'])
    throw failure('unsupported_type', {}, `A picture is sent as it is, as one of ${IMAGE_TYPES.join(', ')}.`)
  requireSize(req, limit)
  allowTime(req)
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of bytesOf(req, limit)) chunks.push(chunk)
  } catch (error) {
    if (error instanceof FileFault) throw failure('too_large')
    throw isBrokenOff(error) ? failure('invalid_image', {}, 'The connection broke off.') : error
  }
  return Buffer.concat(chunks)
}

/**
 * `POST /files`, whose body is a picture, and `GET /files/<id>/content`. Bytes come and go here, as no service of Feathers takes
 * them; what comes before and after is that of any create and get.
 */
export function images({ app, services, hooks, limits }: ImageParts): Middleware {
  let running = 0
  const files = (): FileService => {
    const service = services.get('files')
    if (!(service instanceof FileService)) throw new Error('files are served by another service')
    return service
  }

  /** The hooks of a create, with the body read once it is known that the caller may send one, and before a transaction. */
  async function take(ctx: Context): Promise<void> {
    const { id, name, branch_id, ...query } = ctx.query as Record<string, unknown>
    const unknown = Object.keys(query).find((word) => word !== '$dry_run')
    const context = contextOf(ctx, app, { path: 'files', method: 'create', query, data: { id, name, branch_id } })
    let content: Uint8Array = new Uint8Array()
    const read: Hook = async (_context, next) => {
      if (unknown !== undefined) throw fieldFailure('invalid_query', unknown, 'is not a parameter of an upload')
      if (running >= limits.uploads_at_once) throw failure('rate_limited', { retry_after: 1 })
      running++
      try {
        content = await readBody(ctx, limits.image_bytes)
        await next()
      } finally {
        running--
      }
    }
    const at = hooks.indexOf(validate)
    try {
      await behind(ctx, [...hooks.slice(0, at), read, ...hooks.slice(at)], context, async () => {
        context.result = await files().upload(content, context.data, context.params)
      })
    } finally {
      await finishBody(ctx, limits.image_bytes)
    }
    ctx.status = context.http?.status ?? 201
    ctx.body = context.dispatch ?? context.result
  }

  async function give(ctx: Context, id: string): Promise<void> {
    const query = ctx.query as Record<string, unknown>
    const context = contextOf(ctx, app, { path: 'files', method: 'get', query, id })
    await behind(ctx, hooks, context, async () => {
      // The rows in reach, with what the answer needs of them.
      const record = await files().get(context.id as string, files().reach(context.params))
      await answer(ctx, record)
    })
  }

  async function answer(ctx: Context, record: Row): Promise<void> {
    const tag = `"${record.sha256}"`
    if (isKnown(ctx.headers['if-none-match'], tag)) ctx.status = 304
    else {
      const { stream } = await files().content(record)
      ctx.status = 200
      if (ctx.method === 'HEAD') stream.destroy()
      else ctx.body = stream
      // Half a picture must not pass for a whole one: without its end the connection breaks.
      stream.on('error', () => ctx.res.destroy())
      ctx.set({ 'Content-Type': record.content_type as string, 'Content-Length': String(record.bytes) })
      ctx.attachment(record.name as string, { type: 'inline' })
    }
    ctx.set({ ETag: tag, 'Cache-Control': CACHED })
    ctx.vary('Authorization')
  }

  return async (ctx, next) => {
    if (ctx.method === 'POST' && LIST.test(ctx.path)) return take(ctx)
    const id = CONTENT.exec(ctx.path)?.[1]
    if (id === undefined) return next()
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw failure('no_method')
    return give(ctx, id)
  }
}
