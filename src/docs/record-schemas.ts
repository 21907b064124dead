import type { Resource } from '../schemas/define.ts'
import { schemaRef, singularOf } from './components.ts'
import { errorSchemas } from './error-schemas.ts'
import { groupSchemas, pageSchema } from './page-schemas.ts'
import { querySchema } from './parameters.ts'
import { changeSchemas, rehearsalOf } from './rehearsal.ts'
import { createBody, type Json, patchBody, readSchema } from './wire.ts'

/** Children and, where asked for, related records inside a record. */
function embeddedOf({ children, relations, all }: Resource): Json {
  const lists = Object.entries(children).map(([name, child]) => [
    name,
    {
      type: 'array',
      items: schemaRef(singularOf(child.resource)),
      readOnly: true,
      ...(!child.embed && { description: `With $include=${name}` })
    }
  ])
  const parents = Object.entries(relations)
    .filter(([name]) => !all[name])
    .map(([name, { resource }]) => [
      name,
      { anyOf: [schemaRef(singularOf(resource)), { type: 'null' }], description: `With $include=${name}` }
    ])
  return Object.fromEntries([...lists, ...parents])
}

const WRITES = new Set(['create', 'patch', 'remove'])

function schemasOf(resource: Resource): Json {
  const name = singularOf(resource.name)
  const { methods } = resource
  return {
    [name]: readSchema(resource, resource.readable, embeddedOf(resource)),
    ...(methods.includes('find') && {
      [`${name}Page`]: pageSchema(schemaRef(name)),
      [`${name}Query`]: querySchema(resource)
    }),
    ...(methods.some((method) => WRITES.has(method)) && { [`${name}DryRun`]: rehearsalOf(schemaRef(name)) }),
    ...(methods.includes('create') && { [`${name}Create`]: createBody(resource) }),
    ...(methods.includes('patch') && { [`${name}Patch`]: patchBody(resource) })
  }
}

/** All schemas of the document that resources make. */
export const resourceSchemas = (resources: readonly Resource[]): Json => ({
  ...Object.assign({}, ...resources.map(schemasOf)),
  ...groupSchemas,
  ...changeSchemas,
  ...errorSchemas
})
