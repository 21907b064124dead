import type { ArrayLiteralExpression, ObjectLiteralExpression, SourceFile } from 'ts-morph'
import { CommandError } from '../command.ts'
import type { Changes } from './changes.ts'
import { loadEditor } from './tools.ts'

/** Opens a file, lets `work` edit its tree, and plans the outcome. Only the nodes that it touches change. */
export async function editing(changes: Changes, path: string, work: (source: Source) => void): Promise<void> {
  const editor = await loadEditor()
  const project = new editor.Project({
    useInMemoryFileSystem: true,
    manipulationSettings: {
      indentationText: editor.IndentationText.TwoSpaces,
      quoteKind: editor.QuoteKind.Single,
      useTrailingCommas: false
    }
  })
  const file = project.createSourceFile(path, await changes.read(path))
  work({ path, file, editor })
  await changes.edit(path, file.getFullText())
}

export interface Source {
  path: string
  file: SourceFile
  editor: Awaited<ReturnType<typeof loadEditor>>
}

/** A name as the key of an object: quoted where it has a dash. */
export const keyOf = (name: string): string => (/^[a-z]\w*$/i.test(name) ? name : `'${name}'`)

function initializerOf({ path, file }: Source, name: string) {
  const value = file.getVariableDeclaration(name)?.getInitializer()
  if (!value)
    throw new CommandError(`${path} has no ${name} any more, where the generator would write; add it by hand.`)
  return value
}

/** The object that a variable is set to, `as const` or not. */
export function objectIn(source: Source, name: string): ObjectLiteralExpression {
  const { SyntaxKind } = source.editor
  const value = initializerOf(source, name)
  return (
    value.asKind(SyntaxKind.ObjectLiteralExpression) ??
    value.getFirstDescendantByKindOrThrow(SyntaxKind.ObjectLiteralExpression)
  )
}

/** The list that a variable is set to, or that its function answers. */
export function listIn(source: Source, name: string): ArrayLiteralExpression {
  const { SyntaxKind } = source.editor
  const value = initializerOf(source, name)
  return (
    value.asKind(SyntaxKind.ArrayLiteralExpression) ??
    value.getFirstDescendantByKindOrThrow(SyntaxKind.ArrayLiteralExpression)
  )
}

/** Adds `key: value` at the end of an object. @throws CommandError when it has that key */
export function addEntry(source: Source, object: string, key: string, value: string): void {
  const literal = objectIn(source, object)
  if (literal.getProperty(key) ?? literal.getProperty(keyOf(key)))
    throw new CommandError(`${source.path}: ${object} has a line for ${key} already.`)
  literal.addPropertyAssignment({ name: keyOf(key), initializer: value })
}

/** Adds `import { .. } from '..'` in its place by the alphabet, or the names to the one that is there. */
export function addImport({ file }: Source, from: string, names: string[]): void {
  const imports = file.getImportDeclarations()
  const known = imports.find((one) => one.getModuleSpecifierValue() === from && !one.isTypeOnly())
  if (known) {
    const had = new Set(known.getNamedImports().map((one) => one.getName()))
    known.addNamedImports(names.filter((name) => !had.has(name)))
    return
  }
  const later = imports.find((one) => one.getModuleSpecifierValue() > from) ?? imports.at(-1)?.getNextSibling()
  // As text, since the tree would end it with a semicolon.
  file.insertStatements(
    later?.getChildIndex() ?? imports.length,
    `import { ${names.toSorted().join(', ')} } from '${from}'`
  )
}

/** Takes out names that are imported and no longer used. */
export function dropUnusedImports({ file, editor }: Source): void {
  const used = new Map<string, number>()
  for (const identifier of file.getDescendantsOfKind(editor.SyntaxKind.Identifier)) {
    const name = identifier.getText()
    used.set(name, (used.get(name) ?? 0) + 1)
  }
  for (const declaration of file.getImportDeclarations()) {
    const named = declaration.getNamedImports()
    const idle = named.filter((one) => used.get(one.getName()) === 1)
    if (!idle.length) continue
    if (idle.length === named.length) declaration.remove()
    else for (const one of idle) one.remove()
  }
}
