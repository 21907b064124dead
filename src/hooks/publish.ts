import type { Publisher } from '../realtime/publisher.ts'
import { isResource, resourceNamed } from '../schemas/index.ts'
import type { Hook } from './types.ts'

const EVENTS: Record<string, 'created' | 'patched' | 'removed'> = {
  create: 'created',
  patch: 'patched',
  remove: 'removed'
}

/**
 * Tells live readers of a write: after the commit, so a call inside a larger transaction waits for that one. Feathers'
 * own event is switched off, as it would leave when the call ends.
 */
export const publish =
  (publisher: Publisher): Hook =>
  async (context, next) => {
    context.event = null
    await next()
    const { path, params, result } = context
    const event = EVENTS[context.method]
    // What an upsert changed was told of by the patch that did it.
    if (!event || params.replayed || params.unchanged || params.patched || !isResource(path)) return
    const tell = () => publisher.publish(resourceNamed(path), event, result)
    if (params.transaction) params.transaction.afterCommit(tell)
    else tell()
  }
