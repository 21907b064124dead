import { gateOf } from '../../policy/gate.ts'
import { parseQuery } from '../../schemas/query.ts'
import { CommandError } from '../command.ts'
import type { Changes } from './changes.ts'
import { known } from './definition.ts'
import { quote } from './field-words.ts'
import { camel, requireKebab, sentence } from './names.ts'
import { addEntry, addImport, editing, listIn } from './source.ts'

export interface ReportWish {
  name: string
  of: string | undefined
  /** Word of a query without its `$` -> fields: `group`, `sum`, `avg`, `min`, `max`. */
  measures: Record<string, string[]>
}

const ROLES = 'test/policy/roles.ts'

/** The query as a list takes it. Without a measure the records of each group are counted. */
function queryOf({ measures }: ReportWish): Record<string, unknown> {
  const given = Object.entries(measures).filter(([, fields]) => fields.length)
  const counted = given.every(([word]) => word === 'group')
  return {
    ...Object.fromEntries(given.map(([word, fields]) => [`$${word}`, fields])),
    ...(counted && { $count: true })
  }
}

const codeOf = (wish: ReportWish) => `import { defineReport } from './define.ts'

export const ${camel(wish.name)} = defineReport(${quote(wish.name)}, {
  title: ${quote(sentence(wish.name))},
  of: ${quote(wish.of!)},
  query: {
${Object.entries(queryOf(wish))
  .map(([word, fields]) => `    ${word}: ${Array.isArray(fields) ? `[${fields.map(quote).join(', ')}]` : fields}`)
  .join(',\n')}
  }
})
`

/** Plans a report: its definition, its line in the registry, and its address among those of the role matrix. */
export async function planReport(changes: Changes, wish: ReportWish): Promise<string[]> {
  const { name, of } = wish
  requireKebab(name, 'a report')
  if (!of)
    throw new CommandError(`${name}: say what it is of, as in --of invoices --group business_date:month --sum total.`)
  const resource = known(of)
  if (!Object.values(wish.measures).some((fields) => fields.length))
    throw new CommandError(`${name}: say what it groups by or sums, as in --group business_date:month --sum total.`)
  try {
    parseQuery(gateOf(resource, {}, false), queryOf(wish))
  } catch (error) {
    throw new CommandError(`${name}: ${(error as Error).message}.`)
  }
  changes.create(`src/reports/${name}.ts`, codeOf(wish))
  await editing(changes, 'src/reports/index.ts', (source) => {
    addImport(source, `./${name}.ts`, [camel(name)])
    listIn(source, 'registry').addElement(camel(name))
  })
  const line = (path: string, value: string) =>
    editing(changes, path, (source) => addEntry(source, 'endpoints', `reports/${name}`, `{ find: '${value}' }`))
  await line('src/policy/matrix.ts', 'session')
  if (changes.has(ROLES)) await line(ROLES, 'signed in')
  return [`It is at GET /reports/${name}, over what its caller may read of ${of}.`]
}
