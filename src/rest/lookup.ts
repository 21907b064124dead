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
