import type { Hook, HookContext } from './types.ts'

/** A create that made nothing: the record was there, or it is no record that a sign-in makes. */
const madeNothing = ({ path, method, params }: HookContext): boolean =>
  path.startsWith('auth/') || (method === 'create' && Boolean(params.replayed || params.patched || params.unchanged))

/** HTTP status and headers that Feathers would choose otherwise. */
export const answer: Hook = async (context, next) => {
  await next()
  const { params } = context
  if (params.provider !== 'rest') return
  const headers = {
    ...context.http?.headers,
    ...(params.replayed && { 'Idempotent-Replayed': 'true' }),
    ...(params.dry_run && { 'Preference-Applied': 'dry-run' })
  }
  context.http = { ...context.http, headers, ...(madeNothing(context) && { status: 200 }) }
}
