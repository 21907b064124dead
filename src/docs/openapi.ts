import about from '../../package.json' with { type: 'json' }
import type { Resource } from '../schemas/define.ts'
import { resources } from '../schemas/index.ts'
import { batchPaths, batchSchemas } from './batch.ts'
import { addBounds } from './bounds.ts'
import { errorExamples } from './error-examples.ts'
import { summaries } from './examples.ts'
import { filePaths } from './files.ts'
import { filterComponents } from './filters.ts'
import { headerComponents } from './headers.ts'
import { addImagePaths, imageReasons } from './images.ts'
import { examplesOf, pathsOf } from './operations.ts'
import { parameters } from './parameters.ts'
import { allReasons, errorComponents } from './reasons.ts'
import { resourceSchemas } from './record-schemas.ts'
import { reportPaths, reportTags } from './reports.ts'
import { routeSchemas } from './route-schemas.ts'
import { routePaths, routeTags } from './routes.ts'
import { shiftReportPaths, shiftReportSchemas } from './shift-reports.ts'
import { statementPaths, statementSchemas } from './statements.ts'
import type { Json } from './wire.ts'

const DESCRIPTION = `Every resource is served alike, over REST and over socket.io on the same port
(\`emit('find', 'products', query, callback)\`).

Filters are \`field=value\` and \`field[$ne|$lt|$lte|$gt|$gte|$in|$nin|$null]=value\`; lists are written
\`field[$in][]=a&field[$in][]=b\`. \`$or\` and \`$and\` take lists of conditions (\`$or[0][name]=a&$or[1][sku]=b\`). Conditions on
related records name the path to their field (\`vendor.name=Harbour\`). Money is a decimal string; ids are UUIDs; instants
are ISO 8601 in UTC. Related records come with \`$include\`.

What a caller may see and do is decided by their role: fields they may not read are left out of every answer, and records
out of their reach are not there. Fields may be added to answers; a client passes over those it does not know.

Errors carry one word in \`data.reason\`. An unknown address is 404 \`no_route\`; a method that an address does not offer
is 405 \`no_method\`. An address with headers of more than 16 KiB is 431, without a body. A field the caller may not see is
treated as one that does not exist.`

const bearer: Json = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description:
    'The access token of a sign-in: a JWT of type `at+jwt` (RFC9068), checked as RFC8725 asks: one algorithm (HS256), the type and the audience. It ends with its session.'
}
const metrics: Json = { type: 'http', scheme: 'bearer', description: 'The `metrics_token` of the settings' }

const tagOf = ({ name }: Resource): Json => ({ name, description: summaries[name] })

function allPaths(): Record<string, Json> {
  const paths: Record<string, Json> = Object.assign(
    {},
    routePaths(),
    batchPaths(),
    reportPaths(),
    shiftReportPaths(),
    statementPaths(),
    ...resources.map(pathsOf),
    ...resources.map(filePaths)
  )
  addImagePaths(paths)
  return paths
}

function build(): object {
  const whole = {
    openapi: '3.1.0',
    info: {
      title: 'Regal',
      version: about.version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' }
    },
    servers: [
      {
        url: '/',
        description: 'The installation that served this document, be it production, staging or local',
        'x-internal': false
      }
    ],
    security: [{ bearer: [] }],
    tags: [...routeTags, ...reportTags, ...resources.map(tagOf)],
    paths: allPaths(),
    components: {
      securitySchemes: { bearer, metrics },
      parameters,
      headers: headerComponents,
      responses: errorComponents(),
      examples: Object.assign(
        errorExamples(new Set([...allReasons(resources), ...imageReasons()])),
        ...resources.map(examplesOf)
      ),
      schemas: {
        ...resourceSchemas(resources),
        ...filterComponents(resources),
        ...routeSchemas(),
        ...batchSchemas,
        ...shiftReportSchemas(),
        ...statementSchemas()
      }
    }
  }
  addBounds(whole)
  return whole
}

let document: object | undefined

/** The OpenAPI 3.1 document of everything that is served. Made once, at the first call: the currency is set by then. */
export function openApi(): object {
  document ??= build()
  return document
}
