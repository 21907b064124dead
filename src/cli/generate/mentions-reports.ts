import type { ObjectLiteralExpression } from 'ts-morph'
import { reports } from '../../reports/index.ts'
import type { Resource } from '../../schemas/define.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { Changes } from './changes.ts'
import { objectAt } from './definition.ts'
import { type Mention, settle } from './mentions.ts'
import { editing, keyOf, type Source } from './source.ts'

const LISTS = new Set(['$group', '$sum', '$avg', '$min', '$max'])

/** `customer.code:month` of a resource, where a field of some resource, and the relation it makes, are called otherwise. */
export function renamedPath(path: string, of: string, field: [resource: string, old: string], now: string): string {
  const [, measure = '', names = '', period = ''] = /^((?:sum|avg|min|max)\.)?([^:]*)(.*)$/.exec(path)!
  let here: string | undefined = of
  const steps = names.split('.').map((name, i, all) => {
    const relation = here === undefined || i === all.length - 1 ? undefined : resourceNamed(here).relations[name]
    const met = here === field[0] && (relation?.field ?? name) === field[1]
    here = relation?.resource
    if (!met) return name
    return relation ? now.replace(/_id$/, '') : now
  })
  return measure + steps.join('.') + period
}

/** Paths that a query names: in its lists, and as the keys of its conditions and of its order. */
function inQuery(
  source: Source,
  query: ObjectLiteralExpression,
  renamed: (path: string, now: string) => string
): Mention[] {
  const { SyntaxKind } = source.editor
  const where = source.path
  const isMet = (path: string) => renamed(path, '?') !== path
  const keys = query.getDescendantsOfKind(SyntaxKind.PropertyAssignment).flatMap((entry): Mention[] => {
    const name = entry.getName().replace(/^['"]|['"]$/g, '')
    if (name.startsWith('$') || !isMet(name)) return []
    return [{ where, rename: (now) => void entry.getNameNode().replaceWithText(keyOf(renamed(name, now))) }]
  })
  const literals = query.getDescendantsOfKind(SyntaxKind.StringLiteral).flatMap((literal): Mention[] => {
    const path = literal.getLiteralValue()
    const word = literal.getFirstAncestorByKind(SyntaxKind.PropertyAssignment)
    if (!word || word.getNameNode() === literal || !LISTS.has(word.getName()) || !isMet(path)) return []
    return [{ where, rename: (now) => void literal.setLiteralValue(renamed(path, now)) }]
  })
  return [...literals, ...keys]
}

/** Tells reports the field's new name. @throws CommandError when there is none, and a report names the field */
export async function settleReports(changes: Changes, { name }: Resource, field: string, now?: string): Promise<void> {
  for (const report of reports) {
    const path = `src/reports/${report.name}.ts`
    if (!changes.has(path)) continue
    await editing(changes, path, (source) => {
      const { ObjectLiteralExpression } = source.editor.SyntaxKind
      const options = source.file.getFirstDescendantByKind(ObjectLiteralExpression)
      const query = options && objectAt(source, options, 'query')
      if (!query) return
      settle(
        inQuery(source, query, (given, to) => renamedPath(given, report.of, [name, field], to)),
        field,
        now
      )
    })
  }
}
