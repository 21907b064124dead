import type { Gate } from '../schemas/conditions.ts'
import type { Resource } from '../schemas/define.ts'
import { resourceNamed } from '../schemas/index.ts'
import { type Access, fullAccess } from './access.ts'
import type { Call } from './call.ts'

/** The caller's access to a resource: to read it, or null. A call inside the process reaches all. */
const readAccess = (resource: Resource, { principal }: Call): Access | null =>
  principal ? principal.access.of(resource.name, 'read') : fullAccess(resource)

/** Of a resource that they may not read, a caller may name the record they write to and nothing else. */
const NOTHING_READ: ReadonlySet<string> = new Set(['id'])

/**
 * What a query of this call may name. Reads may be filtered by what the caller may see, also where the reach of the
 * verb itself is another.
 */
export function gateOf(resource: Resource, call: Call, textual: boolean): Gate {
  const read = call.principal ? readAccess(resource, call) : (call.access ?? fullAccess(resource))
  return {
    resource,
    readable: read?.has ?? NOTHING_READ,
    textual,
    related: (name) => readAccess(resourceNamed(name), call)
  }
}
