import { resources } from '../../schemas/index.ts'
import { CommandError } from '../command.ts'
import { fieldOf, TYPES } from './field-words.ts'
import { requireKebab, requireResourceName } from './names.ts'
import { loadPrompts } from './tools.ts'

/** Asks a person. An answer for which `check` throws is asked for again, with its sentence. */
export interface Asker {
  text(message: string, check: (answer: string) => void): Promise<string>
  one(message: string, choices: readonly string[]): Promise<string>
  some(message: string, choices: readonly string[]): Promise<string[]>
  yes(message: string): Promise<boolean>
}

/** The sentence of a refusal; anything else is a mistake of ours. */
function refusal(check: () => void): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof CommandError) return error.message
    throw error
  }
}

/** Asks on the terminal. @throws CommandError when the person presses Ctrl-C */
export async function terminal(): Promise<Asker> {
  const { confirm, isCancel, multiselect, select, text } = await loadPrompts()
  const given = async <T>(asked: Promise<T>): Promise<Exclude<T, symbol>> => {
    const answer = await asked
    if (isCancel(answer)) throw new CommandError('Nothing was written.')
    return answer as Exclude<T, symbol>
  }
  const listed = (choices: readonly string[]) => choices.map((value) => ({ value, label: value }))
  return {
    text: async (message, check) =>
      (await given(text({ message, validate: (answer) => refusal(() => check(answer ?? '')) }))) ?? '',
    one: async (message, choices) => given(select({ message, options: listed(choices) })),
    some: async (message, choices) => given(multiselect({ message, options: listed(choices), required: false })),
    yes: async (message) => given(confirm({ message, initialValue: true }))
  }
}

const REFERENCE = 'another resource'
const FLAGS = ['optional', 'unique', 'search', 'fixed']

/** One field, in the words in which it would be typed; nothing when the person has no more. */
async function askField(ask: Asker, n: number, own: string[]): Promise<string | undefined> {
  const names = [...resources.map((resource) => resource.name), ...own]
  const isField = (word: string) => fieldOf(word, names)
  const name = await ask.text(`Field ${n}: its name${n > 1 ? ' (empty: no more fields)' : ''}`, (answer) => {
    if (answer || n === 1) isField(`${answer}:text`)
  })
  if (!name) return undefined
  const type = await ask.one(`${name}: its type`, [...TYPES, REFERENCE])
  let word = `${name}:${type}`
  if (type === REFERENCE) word = `${name}:${await ask.one(`${name}: which resource?`, names)}`
  if (type === 'choice')
    word += `=${await ask.text(`${name}: its values, separated by commas`, (answer) => void isField(`${word}=${answer}`))}`
  const flags = FLAGS.filter((flag) => refusal(() => void isField(`${word}:${flag}`)) === undefined)
  for (const flag of await ask.some(`${name}: what holds for it?`, flags)) word += `:${flag}`
  const more = await ask.text(`${name}: more, as in max=20:default=open (empty: nothing)`, (answer) => {
    if (answer) isField(`${word}:${answer}`)
  })
  return more ? `${word}:${more}` : word
}

async function askFields(ask: Asker, own: string[]): Promise<string[]> {
  const words: string[] = []
  for (;;) {
    const word = await askField(ask, words.length + 1, own)
    if (word === undefined) return words
    words.push(word)
  }
}

async function askAccess(ask: Asker): Promise<string[]> {
  const given: string[] = []
  for (const role of ['employee', 'cashier']) {
    const words = await ask.some(`What may ${role}s do? The administrator may do all`, [
      'read',
      'create',
      'update',
      'delete'
    ])
    if (words.length) given.push(`${role}:${[...new Set(['read', ...words])].join(',')}`)
  }
  return given
}

type Answers = { words: string[]; options?: Record<string, string | string[] | boolean> }

const questions: Record<string, (ask: Asker, given: string[]) => Promise<Answers>> = {
  async resource(ask, [given]) {
    const name = given ?? (await ask.text('What is it called? A plural, as in gift-cards', requireResourceName))
    requireResourceName(name)
    const fields = await askFields(ask, [name])
    const allow = await askAccess(ask)
    const service = await ask.yes('A service of its own, to add behaviour to?')
    return { words: [name, ...fields], options: { allow, service } }
  },
  async field(ask, [given]) {
    const name =
      given ??
      (await ask.one(
        'Of which resource?',
        resources.map((resource) => resource.name)
      ))
    return { words: [name, ...(await askFields(ask, []))] }
  },
  async hook(ask) {
    return { words: [await ask.text('What is it called?', (answer) => requireKebab(answer, 'a hook'))] }
  },
  async report(ask, [given]) {
    const name = given ?? (await ask.text('What is it called?', (answer) => requireKebab(answer, 'a report')))
    const of = await ask.one(
      'Of which resource?',
      resources.map((resource) => resource.name)
    )
    const fields = (message: string) => ask.text(`${message}, separated by commas (empty: none)`, () => {})
    const [group, sum] = [await fields('Grouped by, as in business_date:month'), await fields('Sums of')]
    return { words: [name], options: { of, ...(group && { group: [group] }), ...(sum && { sum: [sum] }) } }
  }
}

/** Asks for what is missing of `generate ..`. Answers the words and options as if they had been typed. */
export async function askFor(ask: Asker, [what, ...given]: string[]): Promise<Answers> {
  const kind = what ?? (await ask.one('What is to be written?', Object.keys(questions)))
  const { words, options = {} } = await questions[kind]!(ask, given)
  return { words: [kind, ...words], options }
}
