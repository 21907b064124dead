import type { Resource } from '../schemas/define.ts'
import { resourceNamed } from '../schemas/index.ts'
import { exampleRef, pascal, schemaRef, singularOf } from './components.ts'
import { countedHeaders, replayHeaders } from './headers.ts'
import { listParameters } from './parameters.ts'
import { errorResponses, importReasons, reasonsOf } from './reasons.ts'
import { rolesOf, rolesText } from './roles.ts'
import type { Json } from './wire.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const query = (name: string, schema: Json, description: string): Json => ({ name, in: 'query', description, schema })
const choice = (values: string[], usual?: string): Json => ({
  type: 'string',
  enum: values,
  ...(usual && { default: usual })
})

const importParameters: Json[] = [
  query('id', { type: 'string', format: 'uuid' }, 'The id of the import: sent again with it, no row is made twice.'),
  {
    name: 'mapping',
    in: 'query',
    style: 'deepObject',
    explode: true,
    description:
      '`mapping[Column]=field`, or a path: `contacts.phone`, `vendor.name`; empty leaves the column out. Also as JSON. Without it columns are found by the names and titles of fields.',
    schema: {
      type: 'object',
      propertyNames: { maxLength: 200 },
      additionalProperties: { type: 'string', maxLength: 200 },
      maxProperties: 500
    }
  },
  query(
    'upsert',
    { type: 'string', maxLength: 200 },
    'A unique key, `sku`: rows change the record that has it, where there is one.'
  ),
  query('on_error', choice(['skip', 'stop'], 'skip'), 'Whether a faulty row is left out, or ends the import.'),
  query(
    'dry_run',
    { type: 'boolean', default: false },
    'Checks every row; nothing stays but the record of the import.'
  ),
  query('delimiter', choice([',', ';', '|', 'tab']), 'Of CSV; otherwise the one the first line has most of.'),
  query('decimal', choice([',', '.']), 'The decimal sign of numbers; otherwise read from each number.')
]

// No length: what a file may have is a setting, and in bytes.
const file = (description: string, example: string): Json => ({
  schema: { type: 'string', format: 'binary', description, maxLength: 1_000_000_000 },
  example
})

const shownImport = (headers: Json, description: string): Json => ({
  description,
  headers,
  content: {
    'application/json': { schema: schemaRef('Import'), examples: { usual: exampleRef('Import') } }
  }
})

function importOf(resource: Resource): Json {
  const required = resource.writable.filter((name) => name !== 'id' && !resource.all[name]!.optional)
  return {
    operationId: `import${pascal(resource.name)}`,
    summary: `Read a file into ${resource.name}`,
    tags: [resource.name],
    description: `A row for each record; the answer says what came of them. See docs/bulk.md. ${rolesText(resource, 'create')} They need the right to create \`imports\` too.`,
    'x-roles': rolesOf(resource, 'create').filter((role) => rolesOf(resourceNamed('imports'), 'create').includes(role)),
    parameters: importParameters,
    requestBody: {
      required: true,
      content: {
        'text/csv': file('The first row has the titles', `${required.join(',')}\n`),
        [XLSX]: file('The first sheet of a workbook', ''),
        'application/x-ndjson': file('A JSON object per line', '{}\n')
      }
    },
    responses: {
      200: shownImport(replayHeaders, 'The import that was done before with this id'),
      201: shownImport(countedHeaders, 'What came of the import; rows may have failed'),
      ...errorResponses(importReasons)
    }
  }
}

const PART_OF_LIST = /\/(Limit|Skip|After|Total|Group|Sum|Avg|Min|Max|Count)$/

function exportOf(resource: Resource): Json {
  return {
    operationId: `export${pascal(resource.name)}`,
    summary: `Write ${resource.name} to a file`,
    tags: [resource.name],
    description: `All records of a list, whatever their number. A file that is not whole ends with a broken connection. ${rolesText(resource, 'find')}`,
    'x-roles': rolesOf(resource, 'find'),
    parameters: [
      query('$format', choice(['csv', 'xlsx', 'jsonl'], 'csv'), 'The format of the file.'),
      ...listParameters(resource).filter(({ $ref }) => !PART_OF_LIST.test(String($ref)))
    ],
    responses: {
      200: {
        description: 'The file',
        headers: countedHeaders,
        content: {
          'text/csv': file('UTF-8 with a byte order mark', 'id\r\n'),
          [XLSX]: file('A workbook with one sheet', ''),
          'application/x-ndjson': file(`A ${singularOf(resource.name)} per line`, '')
        }
      },
      ...errorResponses(reasonsOf(resource, 'find'))
    }
  }
}

/** The addresses at which files come and go. */
export const filePaths = (resource: Resource): Json => ({
  ...(resource.methods.includes('create') && { [`/${resource.name}/import`]: { post: importOf(resource) } }),
  ...(resource.methods.includes('find') && { [`/${resource.name}/export`]: { get: exportOf(resource) } })
})
