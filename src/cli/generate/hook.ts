import { CommandError } from '../command.ts'
import type { Changes } from './changes.ts'
import { known } from './definition.ts'
import { camel, requireKebab, sentence } from './names.ts'
import { addImport, editing, listIn } from './source.ts'

export interface HookWish {
  name: string
  /** The hook of the pipeline that it runs inside of. */
  after: string
  /** The resource whose calls it is about; every call from outside without one. */
  of?: string | undefined
}

const codeOf = ({ name, after, of }: HookWish) => `import type { Hook } from './types.ts'

/** ${sentence(name)}: around ${of ? `every call of ${of}` : 'every call from outside'} that came past ${after}. */
export const ${camel(name)}: Hook = async (context, next) => {
  if (${of ? `context.path !== '${of}'` : '!context.params.provider'}) return next()
  // Here \`context.method\`, \`context.data\` and \`context.params\` are as asked; a \`failure('..')\` refuses the call.
  await next()
  // Here \`context.result\` is the answer.
}
`

/** Plans a hook and its place in the pipeline. */
export async function planHook(changes: Changes, wish: HookWish): Promise<string[]> {
  const { name, after, of } = wish
  requireKebab(name, 'a hook')
  if (of) known(of)
  changes.create(`src/hooks/${name}.ts`, codeOf(wish))
  await editing(changes, 'src/hooks/pipeline.ts', (source) => {
    const list = listIn(source, 'pipeline')
    // `publish(parts.publisher)` is known as publish.
    const names = list.getElements().map((element) => /^\w+/.exec(element.getText())?.[0] ?? '')
    const at = names.indexOf(camel(after))
    if (at < 0) throw new CommandError(`--after ${after}: the pipeline has no such hook; it has ${names.join(', ')}.`)
    if (source.file.getVariableDeclaration(camel(name)) || names.includes(camel(name)))
      throw new CommandError(`${name}: the pipeline has such a hook.`)
    addImport(source, `./${name}.ts`, [camel(name)])
    listIn(source, 'pipeline').insertElement(at + 1, camel(name), { useNewLines: true })
  })
  return []
}
