import type { Application } from '@feathersjs/koa'
import type { Context, Middleware } from 'koa'
import { failure } from '../errors.ts'
import type { Hook, HookContext } from '../hooks/types.ts'
import { prefersDryRun } from '../hooks/words.ts'
import { pruneRecord } from '../policy/prune.ts'
import { allowTime } from '../rest/patience.ts'
import { isResource, resourceNamed } from '../schemas/index.ts'
import { behind, contextOf } from './behind.ts'
import { bytesOf, finishBody, requireSize } from './body.ts'
import { exportFile } from './export.ts'
import { type ImportParts, importFile } from './import.ts'
import { importOptions } from './options.ts'

export interface TransferParts extends ImportParts {
  app: Application
  /** What every call passes, whatever it is. */
  hooks: readonly Hook[]
  limits: { import_bytes: number; imports_at_once: number }
}

const ADDRESS = /^\/([a-z-]+)\/(import|export)$/
const VERBS: Record<string, string> = { 'POST import': 'import', 'GET export': 'export', 'HEAD export': 'export' }

/**
 * `POST /<resource>/import` and `GET /<resource>/export`. Files come and go as streams, which no service of Feathers takes,
 * so they are answered here; what comes before (who calls, how often, whether they may) is the same as for any call.
 */
export function transfer(parts: TransferParts): Middleware {
  let running = 0

  async function takeFile(ctx: Context, context: HookContext, query: Record<string, unknown>): Promise<void> {
    const resource = resourceNamed(context.path)
    const { params } = context
    if (!params.principal?.access.of('imports', 'create')) throw failure('not_allowed')
    const options = importOptions(resource, query, ctx.headers)
    if (prefersDryRun(params)) options.dry_run = true
    requireSize(ctx.req, parts.limits.import_bytes)
    if (running >= parts.limits.imports_at_once) throw failure('rate_limited', { retry_after: 5 })
    allowTime(ctx.req)
    running++
    try {
      const bytes = bytesOf(ctx.req, parts.limits.import_bytes)
      const { record, replayed } = await importFile(parts, { resource, options, call: params, bytes })
      context.result = record
      params.replayed = replayed
      params.dry_run = options.dry_run
      ctx.status = replayed ? 200 : 201
      ctx.body = pruneRecord(resourceNamed('imports'), record, params.principal.access)
    } finally {
      running--
    }
  }

  return async (ctx, next) => {
    const [, path, word] = ADDRESS.exec(ctx.path) ?? []
    const method = VERBS[`${ctx.method} ${word}`]
    if (!path || !method || !isResource(path)) return next()
    if (!resourceNamed(path).methods.includes(method === 'import' ? 'create' : 'find')) throw failure('no_method')
    const query = ctx.query as Record<string, unknown>
    // An export is a list, whose query the hooks read; an import's address says how to read the file.
    const { $format, ...list } = query
    const context = contextOf(ctx, parts.app, { path, method, query: method === 'export' ? list : {} })
    const work =
      method === 'import'
        ? () => takeFile(ctx, context, query)
        : () => exportFile(ctx, { service: parts.services.get(path)!, call: context.params, format: $format })
    try {
      await behind(ctx, parts.hooks, context, work)
    } finally {
      if (method === 'import') await finishBody(ctx, parts.limits.import_bytes)
    }
  }
}
