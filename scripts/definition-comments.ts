import { type Node, type ObjectLiteralExpression, Project, SyntaxKind } from 'ts-morph'

/** What the definitions say in comments: of the resource, and of its fields by name. */
export interface Comments {
  resource?: string
  fields: Record<string, string>
}

/** The sentences of a doc comment that stands before a node. */
function commentBefore(node: Node): string | undefined {
  const last = node.getLeadingCommentRanges().at(-1)?.getText()
  if (!last?.startsWith('/**')) return undefined
  return last
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .trim()
}

function fieldComments(options: ObjectLiteralExpression): Record<string, string> {
  const comments: Record<string, string> = {}
  for (const part of ['fields', 'input']) {
    const fields = options.getProperty(part)?.getFirstDescendantByKind(SyntaxKind.ObjectLiteralExpression)
    for (const property of fields?.getProperties() ?? []) {
      const comment = commentBefore(property)
      if (comment && property.isKind(SyntaxKind.PropertyAssignment)) comments[property.getName()] = comment
    }
  }
  return comments
}

/** Reads the comments of all definitions in a folder, by resource. */
export function definitionComments(folder: string): Map<string, Comments> {
  const project = new Project({ skipLoadingLibFiles: true, skipFileDependencyResolution: true })
  const found = new Map<string, Comments>()
  for (const file of project.addSourceFilesAtPaths(`${folder}/*.ts`)) {
    for (const call of file.getDescendantsOfKind(SyntaxKind.CallExpression)) {
      const [name, options] = call.getArguments()
      if (call.getExpression().getText() !== 'defineResource') continue
      if (!name?.isKind(SyntaxKind.StringLiteral) || !options?.isKind(SyntaxKind.ObjectLiteralExpression)) continue
      const statement = call.getFirstAncestorByKind(SyntaxKind.VariableStatement)
      const resource = statement && commentBefore(statement)
      found.set(name.getLiteralValue(), { ...(resource && { resource }), fields: fieldComments(options) })
    }
  }
  return found
}
