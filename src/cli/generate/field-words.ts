import { kinds } from '../../schemas/kinds.ts'
import { CommandError } from '../command.ts'
import { requireFieldName } from './names.ts'

/** A field as it was asked for: its name, and the code of its definition. */
export interface FieldCode {
  name: string
  /** As in `optional(text({ max: 20 }))`. */
  code: string
  /** Names that the code takes from src/schemas/fields.ts. */
  uses: string[]
  type: string
  /** The resource it refers to. */
  ref?: string
  optional: boolean
  /** Whether a create must name it. */
  required: boolean
  max?: number
}

/** What may follow each type. `optional` and `fixed` may follow all. */
const OPTIONS = {
  text: 'unique index search max min default',
  money: 'unique index positive default',
  decimal: 'unique index positive max default',
  percent: 'index max default',
  quantity: 'unique index positive min max default',
  integer: 'unique index positive min max default',
  flag: 'index default',
  date: 'unique index default',
  instant: 'unique index',
  uuid: 'unique index',
  choice: 'index default',
  json: '',
  ref: 'unique default'
}
type TypeName = keyof typeof OPTIONS
export const TYPES = Object.keys(OPTIONS).filter((name) => name !== 'ref')

/** Options that say all by their name. */
const ALONE = ['positive', 'unique', 'index', 'search', 'fixed', 'optional']
const BOUNDS = ['max', 'min']

/** Values filled in at the creation that no constant could say, by the type or the resource referred to. */
const FILLED: Record<string, string> = { date: 'today', branches: 'branch', users: 'user' }
/** An index takes values of some 2,700 bytes; a character may have four. */
export const MAX_INDEXED = 600
/** Of a text that does not say. */
const USUAL_MAX = 200

const isType = (word: string): word is TypeName => TYPES.includes(word)
export const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

interface Given {
  name: string
  type: TypeName
  ref?: string
  values?: string[]
  options: Map<string, string | true>
  /** @throws CommandError naming the word as it was typed */
  refuse(sentence: string): never
}

function optionsOf(parts: string[], refuse: Given['refuse']): Given['options'] {
  const options: Given['options'] = new Map()
  for (const part of parts) {
    const [key = '', ...value] = part.split('=')
    if (options.has(key)) refuse(`${key} is said twice`)
    options.set(key, value.length ? value.join('=') : true)
  }
  return options
}

/** Takes `status:choice=open,done:default=open` apart. */
function split(word: string, resources: readonly string[]): Given {
  const refuse = (sentence: string): never => {
    throw new CommandError(`${word}: ${sentence}.`)
  }
  const [name = '', what, ...rest] = word.split(':')
  if (!what) return refuse('write a field as name:type, as in code:text:unique')
  const [type = '', list] = what.split('=')
  const given = { name, options: optionsOf(rest, refuse), refuse }
  if (resources.includes(type)) return { ...given, name: name.replace(/(_id)?$/, '_id'), type: 'ref', ref: type }
  if (type === 'ref') refuse('name the resource it refers to in place of the type, as in customer:customers')
  if (!isType(type)) return refuse(`there is no type and no resource ${type}; types are ${TYPES.join(', ')}`)
  if (type !== 'choice') return list === undefined ? { ...given, type } : refuse(`${type} takes no list`)
  const values = (list ?? '').split(',')
  const plain = values.every((value) => /^[\w.-]{1,60}$/.test(value))
  if (!plain || values.length < 2 || new Set(values).size < values.length)
    refuse('a choice names its values, as in status:choice=open,done')
  return { ...given, type, values }
}

/** Refuses an option that the type does not have, that needs a value, or that takes none. */
function requireOptions({ type, ref, options, refuse }: Given): void {
  const offered = `optional fixed ${OPTIONS[type]}`.trim().split(' ')
  for (const [key, value] of options) {
    if (!offered.includes(key)) refuse(`${ref ? 'a reference' : type} takes ${offered.join(', ')}, and not ${key}`)
    if (key === 'unique' && type === 'text' && value === 'ignoring-case') continue
    if (ALONE.includes(key) && value !== true) refuse(`${key} takes no value`)
    if (!ALONE.includes(key) && (value === true || !value)) refuse(`${key} needs a value, as in ${key}=5`)
    if (BOUNDS.includes(key) && !/^-?\d{1,9}$/.test(String(value))) refuse(`${key} is a whole number`)
  }
}

/** Refuses bounds that nothing, or nothing that the database takes, is within. */
function requireBounds({ type, options, refuse }: Given): void {
  const number = (key: string) => (options.has(key) ? Number(options.get(key)) : undefined)
  const max = number('max') ?? (type === 'text' ? USUAL_MAX : Number.POSITIVE_INFINITY)
  const min = number('min') ?? 0
  if (max <= 0) refuse('max is above 0')
  if (min > max) refuse(`min is at most max, which is ${max}`)
  if (type === 'text' && min < 0) refuse('a length is not below 0')
  if (type === 'percent' && max > 100 && options.has('max')) refuse('a percentage is at most 100')
  if (options.has('unique') && options.has('index')) refuse('unique brings an index of its own')
  if (type === 'text' && max > MAX_INDEXED && (options.has('unique') || options.has('index')))
    refuse(`an indexed text has at most ${MAX_INDEXED} characters`)
}

/** The default as code: `default: 'open'`, or `defaultFrom: 'today'`. Checked as a client's value would be. */
function defaultCode({ type, ref, values, options, refuse }: Given): string[] {
  const given = options.get('default')
  if (given === undefined) return []
  const filled = FILLED[ref ?? type]
  if (filled === given) return [`defaultFrom: ${quote(filled)}`]
  if (filled) refuse(`the only default here is default=${filled}`)
  if (type === 'ref') refuse('a reference has no default')
  const kind = kinds[type === 'flag' ? 'boolean' : type === 'percent' ? 'decimal' : (type as keyof typeof kinds)]
  const value = kind.parse ? kind.parse(String(given)) : given
  const bounds = Object.fromEntries(
    BOUNDS.filter((key) => options.has(key)).map((key) => [key, Number(options.get(key))])
  )
  try {
    const usual = type === 'percent' ? { max: 100, positive: true } : type === 'text' ? { max: USUAL_MAX, min: 1 } : {}
    kind.clean(value, { ...usual, ...bounds, ...(options.has('positive') && { positive: true }), values })
  } catch (error) {
    refuse(`the default ${(error as Error).message}`)
  }
  return [`default: ${typeof value === 'string' ? quote(value) : value}`]
}

/** What stands before the options: the resource referred to, the values of a choice, the schema of a structure. */
function firstOf({ type, ref, values }: Given): string[] {
  if (ref) return [quote(ref)]
  if (values) return [`[${values.map(quote).join(', ')}]`]
  return type === 'json' ? ['Type.Record(Type.String(), Type.Unknown())'] : []
}

/**
 * Reads a field as it is typed: `name:type[:option]...`, where a resource's name as the type is a reference to it.
 * @throws CommandError with a sentence that helps
 */
export function fieldOf(word: string, resources: readonly string[]): FieldCode {
  const given = split(word, resources)
  const { name, type, ref, options } = given
  requireFieldName(name)
  requireOptions(given)
  requireBounds(given)
  const worded = (key: string) => (options.get(key) === true ? true : quote(String(options.get(key))))
  const parts = [
    ...BOUNDS.filter((key) => options.has(key)).map((key) => `${key}: ${options.get(key)}`),
    ...ALONE.filter((key) => key !== 'optional' && options.has(key)).map((key) => `${key}: ${worded(key)}`),
    ...defaultCode(given)
  ]
  const plain = `${type}(${[...firstOf(given), ...(parts.length ? [`{ ${parts.join(', ')} }`] : [])].join(', ')})`
  const optional = options.has('optional')
  return {
    name,
    code: optional ? `optional(${plain})` : plain,
    uses: optional ? ['optional', type] : [type],
    type,
    ...(ref && { ref }),
    optional,
    required: !optional && !options.has('default'),
    ...(options.has('max') && { max: Number(options.get('max')) })
  }
}
