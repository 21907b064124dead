import { fieldFailure } from '../errors.ts'
import type { Call } from '../policy/call.ts'
import type { Resource } from '../schemas/define.ts'
import { isResource, resourceNamed } from '../schemas/index.ts'
import { type Key, keyNamed } from '../schemas/keys.ts'
import type { HookContext } from './types.ts'

const WRITES = new Set(['create', 'patch', 'remove'])

/**
 * Takes the words out of a write's query that say how it runs and not what it reaches: `$upsert` and `$dry_run`. Where
 * they have no meaning they stay, to be refused as any unknown word. @throws 400 invalid_query
 */
export function takeWords({ path, method, params }: HookContext): void {
  if (!WRITES.has(method)) return
  const { $upsert, $dry_run, ...query } = params.query ?? {}
  params.dry_run = isAsked($dry_run) || prefersDryRun(params)
  if ($upsert !== undefined && method === 'create' && isResource(path))
    params.upsert = { key: keyOf(resourceNamed(path), $upsert) }
  else if ($upsert !== undefined) query.$upsert = $upsert
  params.query = query
}

function isAsked(given: unknown): boolean {
  if (given === true || given === 'true') return true
  if (given === undefined || given === false || given === 'false') return false
  throw fieldFailure('invalid_query', '$dry_run', 'must be true or false')
}

/** RFC 7240: preferences are separated by commas, and those unknown are passed over. A socket's handshake has no say. */
export function prefersDryRun({ provider, headers }: Call): boolean {
  if (provider !== 'rest') return false
  const preferences = headers?.prefer?.split(',') ?? []
  return preferences.some((preference) => /^\s*dry-run\s*(=\s*("true"|true)\s*)?(;|$)/i.test(preference))
}

function keyOf(resource: Resource, given: unknown): Key {
  const names = typeof given === 'string' ? given.split(',') : []
  const key = resource.methods.includes('patch') ? keyNamed(resource, names) : undefined
  if (!key) throw fieldFailure('invalid_query', '$upsert', 'must name a unique key')
  return key
}
