import type { CallExpression, PropertyAssignment } from 'ts-morph'
import { CommandError } from '../command.ts'
import { type Definition, entryOf } from './definition.ts'
import { quote } from './field-words.ts'

/** Where each word of src/schemas/fields.ts takes its options. */
const OPTIONS_AT: Record<string, number> = {
  text: 0,
  money: 0,
  decimal: 0,
  percent: 0,
  quantity: 0,
  integer: 0,
  flag: 0,
  date: 0,
  instant: 0,
  uuid: 0,
  json: 1,
  choice: 1,
  ref: 1
}

/** The call that takes the options of a field: of `optional(text({ max: 20 }))` the inner one. */
function callOf({ editor, path }: Definition, field: PropertyAssignment): { call: CallExpression; at: number } {
  const { CallExpression } = editor.SyntaxKind
  let call = field.getInitializerIfKind(CallExpression)
  while (call?.getExpression().getText() === 'optional') call = call.getArguments()[0]?.asKind(CallExpression)
  const at = OPTIONS_AT[call?.getExpression().getText() ?? '']
  if (!call || at === undefined)
    throw new CommandError(
      `${path}: ${field.getName()} is made by no word of src/schemas/fields.ts; give it an id there by hand.`
    )
  return { call, at }
}

/** Writes `id: 'old'` into a field that is renamed, unless it has one; takes it out when the field is called so again. */
export function lastingId(definition: Definition, field: PropertyAssignment, old: string, now: string): void {
  const { call, at } = callOf(definition, field)
  const given = call.getArguments()[at]
  const options = given?.asKind(definition.editor.SyntaxKind.ObjectLiteralExpression)
  if (given && !options)
    throw new CommandError(
      `${definition.path}: the options of ${old} are not written out; rename it by hand, with id: '${old}'.`
    )
  const id = options && entryOf(options, 'id')
  if (!options) call.addArgument(`{ id: ${quote(old)} }`)
  else if (!id) options.replaceWithText(options.getText().replace(/^\{\s*/, (open) => `${open}id: ${quote(old)}, `))
  else if (definition.resource.all[old]!.id === now) {
    if (options.getProperties().length > 1) id.remove()
    else call.removeArgument(options)
  }
}
