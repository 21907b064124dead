import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CallExpression, ObjectLiteralElementLike, ObjectLiteralExpression, PropertyAssignment } from 'ts-morph'
import type { Resource } from '../../schemas/define.ts'
import { resources } from '../../schemas/index.ts'
import { CommandError } from '../command.ts'
import type { Changes } from './changes.ts'
import { editing, type Source } from './source.ts'

/** The resource of that name. @throws CommandError naming those that there are */
export function known(name: string): Resource {
  const resource = resources.find((one) => one.name === name)
  if (resource) return resource
  throw new CommandError(`There is no resource ${name}; there are ${resources.map((one) => one.name).join(', ')}.`)
}

/** The call of `defineResource` of one resource, in the tree of its file. */
export interface Definition extends Source {
  resource: Resource
  options: ObjectLiteralExpression
  fields: ObjectLiteralExpression
}

async function fileOf({ root }: Changes, resource: string): Promise<string> {
  const names = (await readdir(join(root, 'src/schemas'))).filter((name) => name.endsWith('.ts'))
  for (const name of names) {
    const text = await readFile(join(root, 'src/schemas', name), 'utf8')
    if (new RegExp(`\\bdefineResource\\(\\s*['"]${resource}['"]`).test(text)) return `src/schemas/${name}`
  }
  throw new CommandError(`No file of src/schemas calls defineResource('${resource}', ..).`)
}

/** Edits the definition of a resource. @throws CommandError when it is not written as the others are */
export async function editingDefinition(
  changes: Changes,
  resource: Resource,
  work: (definition: Definition) => void
): Promise<string> {
  const path = await fileOf(changes, resource.name)
  await editing(changes, path, (source) => {
    const { SyntaxKind } = source.editor
    const calls = source.file.getDescendantsOfKind(SyntaxKind.CallExpression)
    const isIts = (call: CallExpression) =>
      call.getExpression().getText() === 'defineResource' &&
      call.getArguments()[0]?.asKind(SyntaxKind.StringLiteral)?.getLiteralValue() === resource.name
    const options = calls.find(isIts)?.getArguments()[1]?.asKind(SyntaxKind.ObjectLiteralExpression)
    const fields = options && objectAt(source, options, 'fields')
    if (!options || !fields)
      throw new CommandError(`${path}: its fields are not written out as an object; change it by hand.`)
    work({ ...source, resource, options, fields })
  })
  return path
}

/** The value of a property, when it is an object. */
export function objectAt(
  { editor }: Source,
  object: ObjectLiteralExpression,
  key: string
): ObjectLiteralExpression | undefined {
  return entryOf(object, key)?.getInitializerIfKind(editor.SyntaxKind.ObjectLiteralExpression)
}

/** The name of a property without its quotes. */
const nameOf = (property: ObjectLiteralElementLike) =>
  'getName' in property ? property.getName().replace(/^['"]|['"]$/g, '') : undefined

/** The property `key: value` of an object, whether the key is quoted or not. */
export function entryOf(object: ObjectLiteralExpression, key: string): PropertyAssignment | undefined {
  const found = object.getProperties().find((property) => nameOf(property) === key)
  return found && 'setInitializer' in found && 'getInitializer' in found ? (found as PropertyAssignment) : undefined
}

/**
 * The line of a field in its definition. @throws CommandError when there is none: it is every resource's, or comes from
 * a function that several share
 */
export function fieldIn({ resource, fields, file, path }: Definition, name: string): PropertyAssignment {
  const found = entryOf(fields, name)
  if (found) return found
  const own = Object.keys(resource.fields)
  if (!own.includes(name))
    throw new CommandError(
      Object.hasOwn(resource.all, name)
        ? `${name}: every resource has it, and it stays.`
        : `${resource.name} has no field ${name}; it has ${own.join(', ')}.`
    )
  const spread = fields.getProperties().find((property) => property.getText().startsWith('...'))
  const callee = /\w+/.exec(spread?.getText() ?? '')?.[0]
  const from = file
    .getImportDeclarations()
    .find((one) => one.getNamedImports().some((imported) => imported.getName() === callee))
    ?.getModuleSpecifierValue()
    .replace('./', 'src/schemas/')
  throw new CommandError(
    `${path}: ${name} comes with ${spread?.getText() ?? 'another object'}${from ? `, from ${from}` : ''}, which may serve other resources too; change it there by hand (a rename with its id: '${name}'), then run "npx regal migrate plan".`
  )
}
