import about from '../../package.json' with { type: 'json' }
import type { Resource } from '../schemas/define.ts'
import { resources } from '../schemas/index.ts'
import { resourceSchemas } from './components.ts'
import { summaries } from './examples.ts'
import { parameters, pathsOf } from './operations.ts'
import { errorComponents } from './reasons.ts'
import { routePaths, routeSchemas, routeTags } from './routes.ts'
import type { Json } from './wire.ts'

const DESCRIPTION = `Every resource is served alike, over REST and over socket.io on the same port
(\`emit('find', 'products', query, callback)\`).

Filters are \`field=value\` and \`field[$ne|$lt|$lte|$gt|$gte|$in|$nin|$null]=value\`; \`$or\` and \`$and\` take lists of
conditions (\`$or[0][name]=a&$or[1][sku]=b\`). Money is a decimal string; ids are UUIDs; instants are ISO 8601 in UTC.
Related records come with \`$include\`.

Errors carry one word in \`data.reason\`. An unknown address is 404 \`no_route\`; a method that an address does not offer
is 405 \`no_method\`. A field the caller may not see is treated as one that does not exist.`

const tagOf = ({ name }: Resource): Json => ({ name, ...(summaries[name] && { description: summaries[name] }) })

const build = (): object => ({
  openapi: '3.1.0',
  info: {
    title: 'Regal',
    version: about.version,
    description: DESCRIPTION,
    license: { name: 'MIT', identifier: 'MIT' }
  },
  servers: [{ url: '/' }],
  security: [{ bearer: [] }],
  tags: [...routeTags, ...resources.map(tagOf)],
  paths: Object.assign({}, routePaths, ...resources.map(pathsOf)),
  components: {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    parameters,
    responses: errorComponents(),
    schemas: { ...resourceSchemas(resources), ...routeSchemas }
  }
})

let document: object | undefined

/** The OpenAPI 3.1 document of everything that is served. Made once, at the first call: the currency is set by then. */
export function openApi(): object {
  document ??= build()
  return document
}
