import type { Hook } from './types.ts'

/** HTTP status and headers that Feathers would choose otherwise: a replayed create, and calls that create nothing. */
export const answer: Hook = async (context, next) => {
  await next()
  if (context.params.provider !== 'rest') return
  if (context.params.replayed) {
    const headers = { ...context.http?.headers, 'Idempotent-Replayed': 'true' }
    context.http = { ...context.http, status: 200, headers }
  } else if (context.path.startsWith('auth/')) context.http = { ...context.http, status: 200 }
}
