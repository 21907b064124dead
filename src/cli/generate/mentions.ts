import type { ArrayLiteralExpression, ObjectLiteralExpression, PropertyAssignment, StringLiteral } from 'ts-morph'
import type { Resource } from '../../schemas/define.ts'
import { resources } from '../../schemas/index.ts'
import { CommandError } from '../command.ts'
import type { Changes } from './changes.ts'
import { type Definition, editingDefinition, entryOf, objectAt } from './definition.ts'
import { editing, keyOf, objectIn, type Source } from './source.ts'

/** A place that names a field: it can be told the new name, and where nothing hangs on it, forget it. */
export interface Mention {
  where: string
  rename(now: string): void
  drop?(): void
}

/** Renames all, or with no new name forgets them. @throws CommandError when one cannot be forgotten */
export function settle(mentions: Mention[], field: string, now: string | undefined): void {
  for (const { where, rename, drop } of mentions) {
    if (now !== undefined) rename(now)
    else if (drop) drop()
    else throw new CommandError(`${field}: ${where} names it; change that first.`)
  }
}

const stringsIn = ({ editor }: Source, list: ArrayLiteralExpression | undefined, text: string): StringLiteral[] =>
  (list?.getElements() ?? []).flatMap((element) => {
    const literal = element.asKind(editor.SyntaxKind.StringLiteral)
    return literal?.getLiteralValue() === text ? [literal] : []
  })

const arrayAt = ({ editor }: Source, object: ObjectLiteralExpression, key: string) =>
  entryOf(object, key)?.getInitializerIfKind(editor.SyntaxKind.ArrayLiteralExpression)

const ofLiteral = (where: string, literal: StringLiteral): Mention => ({
  where,
  rename: (now) => void literal.setLiteralValue(now)
})

const ofKey = (where: string, entry: PropertyAssignment | undefined): Mention[] =>
  entry ? [{ where, rename: (now) => void entry.getNameNode().replaceWithText(keyOf(now)) }] : []

/** Names in a list that may as well lack them: fields hidden from a role, or shown to it. */
const ofList = (source: Source, where: string, list: ArrayLiteralExpression | undefined, field: string): Mention[] =>
  stringsIn(source, list, field).map((literal) => ({
    ...ofLiteral(where, literal),
    drop: () => void list!.removeElement(literal)
  }))

/** A column's name in SQL, outside of its texts. */
const renamedSql = (sql: string, old: string, now: string) =>
  sql
    .split(/('(?:[^']|'')*')/)
    .map((part) => (part.startsWith("'") ? part : part.replaceAll(new RegExp(`\\b${old}\\b`, 'g'), now)))
    .join('')

/** Where the definition itself names one of its fields: label, order, keys over several fields, checks. */
function inDefinition(definition: Definition, field: string): Mention[] {
  const { editor, options, path } = definition
  const { SyntaxKind } = editor
  const label = entryOf(options, 'label')?.getInitializerIfKind(SyntaxKind.StringLiteral)
  const keys = arrayAt(definition, options, 'unique')?.getElements() ?? []
  const checks = objectAt(definition, options, 'checks')?.getProperties() ?? []
  const sort = objectAt(definition, options, 'sort')
  return [
    ...(label?.getLiteralValue() === field ? [ofLiteral(`the label in ${path}`, label)] : []),
    ...ofKey(`the sort in ${path}`, sort && entryOf(sort, field)),
    ...keys.flatMap((key) =>
      stringsIn(definition, key.asKind(SyntaxKind.ArrayLiteralExpression), field).map((literal) =>
        ofLiteral(`a unique key in ${path}`, literal)
      )
    ),
    ...checks.flatMap((check): Mention[] => {
      const sql = check.asKind(SyntaxKind.PropertyAssignment)?.getInitializerIfKind(SyntaxKind.StringLiteral)
      if (!sql || renamedSql(sql.getLiteralValue(), field, '') === sql.getLiteralValue()) return []
      const rename = (now: string) => void sql.setLiteralValue(renamedSql(sql.getLiteralValue(), field, now))
      return [{ where: `a check in ${path}`, rename }]
    })
  ]
}

export const settleDefinition = (definition: Definition, field: string, now?: string): void =>
  settle(inDefinition(definition, field), field, now)

/** Where another definition names the field as the one that its children refer to it by. */
async function settleParents(changes: Changes, { name }: Resource, field: string, now?: string): Promise<void> {
  for (const parent of resources) {
    const held = Object.entries(parent.children).filter(([, child]) => child.resource === name && child.field === field)
    if (!held.length) continue
    await editingDefinition(changes, parent, (definition) => {
      const { StringLiteral } = definition.editor.SyntaxKind
      const children = objectAt(definition, definition.options, 'children')
      const literals = held.flatMap(([key]) => {
        const child = children && objectAt(definition, children, key)
        return (child && entryOf(child, 'field')?.getInitializerIfKind(StringLiteral)) ?? []
      })
      settle(
        literals.map((literal) => ofLiteral(`the children of ${parent.name}`, literal)),
        field,
        now
      )
    })
  }
}

const MATRIX = 'src/policy/matrix.ts'
const ROLES = 'test/policy/roles.ts'
const EXAMPLES = 'src/docs/examples.ts'

/** What roles may see of the field, and on what condition of it. */
function inMatrix(source: Source, { name }: Resource, field: string): Mention[] {
  const { SyntaxKind } = source.editor
  const row = objectAt(source, objectIn(source, 'matrix'), name)
  const limits = row?.getDescendantsOfKind(SyntaxKind.ObjectLiteralExpression) ?? []
  return limits.flatMap((limit) => {
    const where = objectAt(source, limit, 'where')
    return [
      ...ofKey(`a condition in ${MATRIX}`, where && entryOf(where, field)),
      ...['fields', 'except'].flatMap((key) => ofList(source, MATRIX, arrayAt(source, limit, key), field))
    ]
  })
}

function inTestRoles(source: Source, { name }: Resource, field: string): Mention[] {
  const { ObjectLiteralExpression } = source.editor.SyntaxKind
  const roles = objectIn(source, 'hidden').getProperties()
  return roles.flatMap((role) =>
    role
      .getChildrenOfKind(ObjectLiteralExpression)
      .flatMap((lists) => ofList(source, ROLES, arrayAt(source, lists, name), field))
  )
}

function inExample(source: Source, { name }: Resource, field: string): Mention[] {
  const example = objectAt(source, objectIn(source, 'written'), name)
  const entry = example && entryOf(example, field)
  return entry ? ofKey(EXAMPLES, entry).map((mention) => ({ ...mention, drop: () => entry.remove() })) : []
}

/** Tells the other places that name the field as data: parents, role matrix, its counterpart in the tests, examples. */
export async function settleElsewhere(
  changes: Changes,
  resource: Resource,
  field: string,
  now?: string
): Promise<void> {
  await settleParents(changes, resource, field, now)
  for (const [path, find] of Object.entries({ [MATRIX]: inMatrix, [ROLES]: inTestRoles, [EXAMPLES]: inExample })) {
    if (path === ROLES && !changes.has(path)) continue
    await editing(changes, path, (source) => settle(find(source, resource, field), field, now))
  }
}
