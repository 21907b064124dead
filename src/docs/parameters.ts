import { FUNCTIONS, MAX_KEYS, MAX_MEASURES, PERIODS } from '../schemas/aggregates.ts'
import { MAX_LIST } from '../schemas/conditions.ts'
import type { Resource } from '../schemas/define.ts'
import { keysOf } from '../schemas/keys.ts'
import { DEFAULT_LIMIT, MAX_INCLUDES, MAX_LIMIT, MAX_SKIP } from '../schemas/query.ts'
import { parameterRef } from './components.ts'
import { filterable, filterSchema } from './filters.ts'
import { isUpsertable } from './reasons.ts'
import type { Json } from './wire.ts'

const query = (name: string, schema: Json, description: string): Json => ({ name, in: 'query', description, schema })
/** A list in one parameter, separated by commas. */
const list = (name: string, schema: Json, description: string): Json => ({
  ...query(name, schema, description),
  style: 'form',
  explode: false
})
const nested = (name: string, schema: Json, description?: string): Json => ({
  name,
  in: 'query',
  ...(description && { description }),
  schema,
  style: 'deepObject',
  explode: true
})

const names = (pattern: string, maxItems: number): Json => ({
  type: 'array',
  items: { type: 'string', pattern, maxLength: 200 },
  maxItems
})
const PATH = '[a-z][a-z0-9_]*'
const KEYS = `^${PATH}(\\.${PATH}){0,3}(:(${PERIODS.join('|')}))?$`

const MEANINGS = { sum: 'sum', avg: 'mean', min: 'smallest value', max: 'largest value' }

/** The words of a query that are the same for every resource. */
const words = {
  Limit: query(
    '$limit',
    { type: 'integer', minimum: 0, default: DEFAULT_LIMIT },
    `Records per page, at most ${MAX_LIMIT}; more is cut to ${MAX_LIMIT}. Also \`limit\`.`
  ),
  Skip: query(
    '$skip',
    { type: 'integer', minimum: 0, maximum: MAX_SKIP, default: 0 },
    'Records to pass over. Also `offset`. Far into a long list `$after` is faster.'
  ),
  After: query(
    '$after',
    { type: 'string', maxLength: 16_000 },
    'Pages that follow each other without gaps or repeats while records are added: empty for the first, then `next` of the page before, with the same `$sort`.'
  ),
  Total: query(
    '$total',
    { type: 'string', enum: ['exact', 'estimated', 'none', 'true', 'false'], default: 'exact' },
    'Whether to count all records that match: `exact` (`true`), `estimated` (a guess above some thousands), `none` (`false`). With `$after` none unless asked for.'
  ),
  Group: list(
    '$group',
    names(KEYS, MAX_KEYS),
    `Groups instead of records: by fields, fields of related records (\`product.category_id\`), or the ${PERIODS.join(', ')} of a date or instant (\`business_date:month\`) in the time zone of the record's branch.`
  ),
  ...Object.fromEntries(
    FUNCTIONS.map((name) => [
      name[0]!.toUpperCase() + name.slice(1),
      list(
        `$${name}`,
        names(`^${PATH}$`, MAX_MEASURES),
        `The ${MEANINGS[name]} of these fields, per group or over all.`
      )
    ])
  ),
  Count: query(
    '$count',
    { type: 'boolean' },
    'How many records, per group or of all; so too where no other measure is asked for.'
  ),
  Related: {
    name: 'related',
    in: 'query',
    style: 'form',
    explode: true,
    description:
      'Conditions on related records, by the path to their field: `vendor.name=Harbour`, `items.product.sku[$ne]=COF-250`. The parameter’s own name is not sent.',
    schema: {
      type: 'object',
      propertyNames: { pattern: `^${PATH}(\\.${PATH}){1,3}$`, maxLength: 200 },
      additionalProperties: { type: ['string', 'number', 'boolean', 'object', 'null'], maxLength: 16_000 }
    }
  }
} satisfies Record<string, Json>

/** Parameters that are the same everywhere. */
export const parameters: Record<string, Json> = {
  ...words,
  Id: { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Stands for the `id` where the body has none: the same create sent again answers the record it made the first time, with status 200 and `Idempotent-Replayed: true`.',
    schema: { type: 'string', minLength: 1, maxLength: 200 }
  },
  Prefer: {
    name: 'Prefer',
    in: 'header',
    description:
      '`dry-run`: everything runs, nothing stays, and no event leaves. The answer is what would have been answered, and what would have changed. Also `$dry_run=true`.',
    schema: { type: 'string', maxLength: 200 },
    example: 'dry-run'
  },
  DryRun: query('$dry_run', { type: 'boolean', default: false }, 'The same as `Prefer: dry-run`.')
}

/** How a write is run. */
export const writeParameters: Json[] = [parameterRef('Prefer'), parameterRef('DryRun')]

/** The keys by which a create changes the record that is there; none where there is nothing to change one by. */
export function upsertParameter(resource: Resource): Json[] {
  const keys = isUpsertable(resource) ? keysOf(resource) : []
  if (!keys.length) return []
  const schema = { type: 'string', enum: keys.map(({ fields }) => fields.join(',')) }
  return [
    query(
      '$upsert',
      schema,
      'Changes the record that has this unique key, where there is one; the caller needs the right to change it too.'
    )
  ]
}

const relatedOf = ({ relations, children }: Resource): string[] => Object.keys({ ...relations, ...children })

function include(resource: Resource): Json {
  const known = relatedOf(resource)
  return list(
    '$include',
    names(`^(${known.join('|')})(\\.${PATH}){0,2}$`, MAX_INCLUDES),
    `Related records to put into the answer: ${known.join(', ')}; records related to those with dots, \`${known[0]}.\` and a name.`
  )
}

function order({ sort }: Resource, fields: string[]): Json {
  const usual = Object.entries(sort).map(([name, value]) => `${name} ${value === 1 ? 'up' : 'down'}`)
  return {
    type: 'object',
    propertyNames: { pattern: KEYS, maxLength: 200 },
    additionalProperties: { type: 'integer', enum: [1, -1] },
    description: `\`$sort[field]=1\` or \`-1\`, by ${fields.join(', ')}; of groups by what they are grouped by, \`count\`, or a measure: \`$sort[sum.total]=-1\`. Otherwise by ${usual.join(', ')}.`
  }
}

const select = ({ readable }: Resource): Json => ({
  type: 'array',
  items: { type: 'string', enum: readable },
  maxItems: 100
})

const search = { type: 'string', maxLength: 200 }
const searchText = ({ searched }: Resource) =>
  `Words to find in ${searched.join(', ')}, best first; where nothing fits, what is spelt alike. Also \`search\`.`

/** What tells the records of an answer to be cut and filled up: for one record too. */
export const selectionOf = (resource: Resource): Json[] => [
  list('$select', select(resource), 'Only these fields; `id` always comes along. Also as `$select[]=`.'),
  ...(relatedOf(resource).length ? [include(resource)] : [])
]

const made = new WeakMap<Resource, Json[]>()

/** Everything a list can be asked for in an address; the same objects for the list and its export. */
export function listParameters(resource: Resource): Json[] {
  const list = made.get(resource) ?? makeListParameters(resource)
  made.set(resource, list)
  return list
}

function makeListParameters(resource: Resource): Json[] {
  const fields = filterable(resource)
  const { description, ...sort } = order(resource, fields)
  const shared = Object.keys(words).filter((name) => name !== 'Related')
  return [
    ...shared.map((name) => parameterRef(name)),
    nested('$sort', sort, description as string),
    ...selectionOf(resource),
    ...(resource.searched.length ? [query('$search', search, searchText(resource))] : []),
    ...fields.map((name) => nested(name, filterSchema(resource.all[name]!))),
    ...(relatedOf(resource).length ? [parameterRef('Related')] : [])
  ]
}

const conditions: Json = {
  type: 'array',
  items: { type: 'object' },
  maxItems: MAX_LIST,
  description: 'Conditions of the same form as those beside it'
}

/** The same as a body. */
export function querySchema(resource: Resource): Json {
  const fields = filterable(resource)
  const isRelated = relatedOf(resource).length > 0
  const shared = Object.entries(words).filter(([name]) => name !== 'Related')
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(
        shared.map(([name, word]) => [word.name, { $ref: `#/components/parameters/${name}/schema` }])
      ),
      $sort: order(resource, fields),
      $select: select(resource),
      ...(isRelated && { $include: include(resource).schema }),
      ...(resource.searched.length && { $search: { ...search, description: searchText(resource) } }),
      $or: conditions,
      $and: conditions,
      ...Object.fromEntries(fields.map((name) => [name, filterSchema(resource.all[name]!)]))
    },
    ...(isRelated && {
      patternProperties: { [`^${PATH}(\\.${PATH}){1,3}$`]: { description: 'A condition on related records' } }
    }),
    additionalProperties: false
  }
}
