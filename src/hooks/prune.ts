import { pruneRecord } from '../policy/prune.ts'
import { isResource, resourceNamed } from '../schemas/index.ts'
import type { Hook } from './types.ts'

const WRITES = new Set(['create', 'patch', 'remove'])

/**
 * A write answers the whole record; what leaves is the part its reader may see. Reads need no pruning, as they select
 * only visible columns. The whole record stays in `context.result`, for the events.
 */
export const prune: Hook = async (context, next) => {
  await next()
  const { path, method, params } = context
  if (!params.principal || !WRITES.has(method) || !isResource(path)) return
  context.dispatch = pruneRecord(resourceNamed(path), context.result, params.principal.access)
}
