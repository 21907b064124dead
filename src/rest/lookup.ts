// Whole: it is CommonJS, and Node finds only some of its names by itself.
import feathersjs, { type Service } from '@feathersjs/feathers'
import type { Application } from '@feathersjs/koa'

/**
 * Finds the service of an address or of a socket call. Feathers' router walks plain objects and falls over `__proto__`
 * and `constructor`; all our addresses are a service's path, or that and an id.
 */
export function servicesByPath(app: Application): Application['lookup'] {
  const services = new Map(Object.entries(app.services as Record<string, unknown>))
  const find = (path: unknown) => {
    if (typeof path !== 'string') return null
    const clean = path.replace(/^\/|\/$/g, '')
    const service = services.get(clean)
    if (service) return { service, params: {} }
    const cut = clean.lastIndexOf('/')
    const parent = cut > 0 ? services.get(clean.slice(0, cut)) : undefined
    return parent ? { service: parent, params: { __id: clean.slice(cut + 1) } } : null
  }
  return find as unknown as Application['lookup']
}

const ON_ALL: Record<string, string> = { find: 'GET, HEAD', create: 'POST' }
const ON_ONE: Record<string, string> = { get: 'GET, HEAD', patch: 'PATCH', remove: 'DELETE' }

/** The HTTP methods of an address, for the header `Allow`; those that are no service are read only. */
export function verbsOf(found: { service: Service; params?: { __id?: string } } | undefined): string {
  if (!found) return 'GET, HEAD'
  const verbs = found.params?.__id === undefined ? ON_ALL : ON_ONE
  const methods = feathersjs.getServiceOptions(found.service).methods ?? []
  return methods.flatMap((method) => verbs[method] ?? []).join(', ')
}
