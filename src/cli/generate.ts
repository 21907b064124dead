import { type Command, UsageError } from './command.ts'
import { allowedOf } from './generate/access.ts'
import { type Asker, askFor, terminal } from './generate/ask.ts'
import type { Changes } from './generate/changes.ts'
import { planFields } from './generate/fields.ts'
import { planHook } from './generate/hook.ts'
import { planReport } from './generate/report.ts'
import { planResource } from './generate/resource.ts'
import { run } from './generate/run.ts'
import { say } from './shop.ts'

type Values = Parameters<Command['run']>[0]

interface Kind {
  /** What must be said, and how many words at least. */
  usage: string
  least: number
  most: number
  options: string[]
  /** Answers sentences for who called. */
  plan(changes: Changes, words: string[], values: Values): Promise<string[]>
}

const MEASURES = ['group', 'sum', 'avg', 'min', 'max']
/** `--sum total,tax` and `--sum total --sum tax` alike. */
const lists = (values: Values) =>
  Object.fromEntries(
    MEASURES.map((word) => [word, ((values[word] ?? []) as string[]).flatMap((one) => one.split(',')).filter(Boolean)])
  )
const text = (value: Values[string]) => (value === undefined ? undefined : String(value))

const kinds: Record<string, Kind> = {
  resource: {
    usage: 'generate resource <name> <field>:<type>..',
    least: 2,
    most: 100,
    options: ['label', 'allow', 'service'],
    plan: (changes, [name, ...fields], { label, allow, service }) =>
      planResource(changes, {
        name: name!,
        fields,
        label: text(label),
        allowed: allowedOf((allow ?? []) as string[]),
        service: service === true
      })
  },
  field: {
    usage: 'generate field <resource> <field>:<type>..',
    least: 2,
    most: 100,
    options: [],
    plan: (changes, [resource, ...fields]) => planFields(changes, resource!, fields)
  },
  hook: {
    usage: 'generate hook <name>',
    least: 1,
    most: 1,
    options: ['after', 'of'],
    plan: (changes, [name], { after, of }) =>
      planHook(changes, { name: name!, after: text(after) ?? 'validate', of: text(of) })
  },
  report: {
    usage: 'generate report <name> --of <resource>',
    least: 1,
    most: 1,
    options: ['of', ...MEASURES],
    plan: (changes, [name], values) =>
      planReport(changes, { name: name!, of: text(values.of), measures: lists(values) })
  }
}

/** What a shell would take as one word. */
const quoted = (word: string) => (/^[\w:=.,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

/** The command that would have said the same, to learn it and to keep it. */
function spelled(words: string[], values: Values): string {
  const options = Object.entries(values).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => (one === true ? [`--${name}`] : one ? [`--${name}`, String(one)] : []))
  )
  return ['npx regal generate', ...[...words, ...options].map(quoted)].join(' ')
}

function kindOf([what, ...words]: string[], values: Values): Kind {
  if (what === undefined || !Object.hasOwn(kinds, what)) throw new UsageError(`Say ${Object.keys(kinds).join(', ')}`)
  const kind = kinds[what]!
  if (words.length < kind.least) throw new UsageError(`Say more: ${kind.usage}`)
  if (words.length > kind.most) throw new UsageError(`There is one word too many: ${words[kind.most]}`)
  const other = Object.keys(values).find((name) => name !== 'dry-run' && values[name] && !kind.options.includes(name))
  if (other) throw new UsageError(`--${other} does not go with generate ${what}`)
  return kind
}

/** Writes what `words` and `values` ask for; what they lack is asked of `ask`, where there is one. Answers the exit code. */
export async function generate(values: Values, words: string[], ask?: () => Promise<Asker>): Promise<number> {
  const least = words[0] === undefined ? 0 : (kinds[words[0]]?.least ?? 0)
  let [given, options] = [words, values]
  let dry = values['dry-run'] === true
  if (ask && words.length <= least) {
    const asker = await ask()
    const answers = await askFor(asker, words)
    ;[given, options] = [answers.words, { ...values, ...answers.options }]
    say(spelled(given, options))
    dry ||= !(await asker.yes('Write it? (No only shows it)'))
  }
  const kind = kindOf(given, options)
  await run(dry, (changes) => kind.plan(changes, given.slice(1), options))
  return 0
}

export const generateCommand: Command = {
  usage: 'resource <name> <field>.. | field <resource> <field>.. | hook <name> | report <name>  [options]',
  help: `Writes source files, and the migration they need. On a terminal it asks for what is not said.

  resource  a definition, its line in the registry and in the role matrix; for administrators alone at first
  field     further fields of a resource
  hook      code around every call, and its place in src/hooks/pipeline.ts
  report    groups and sums of a resource, at GET /reports/<name>

A field is name:type[:option].., as in code:text:unique:max=20 or status:choice=open,done:default=open.
  types    text money decimal percent quantity integer flag date instant uuid choice=<a>,<b> json,
           or the name of a resource: customer:customers refers to one of them
  options  optional unique index search fixed positive min=<n> max=<n> default=<value>

With resource:
  --allow <role>:<word>,..  what else may be done: by employee or cashier, some of read, create, update, delete
  --label <field>           what names a record to a person; without it the first text
  --service                 a service of its own too, to add behaviour to
With hook:
  --after <hook>            which hook of the pipeline it runs inside of; without it validate
  --of <resource>           the calls it is about; without it all from outside
With report:
  --of <resource>           whose records it is about (needed)
  --group <field>,..        what they are grouped by: a field, customer.name, or business_date:month
  --sum, --avg, --min, --max <field>,..
                            what is told of each group; without any of them how many there are

  --dry-run                 show the changes, and write nothing

docs/generator.md walks through it. "regal rename" and "regal remove" change what is there.`,
  options: {
    'dry-run': { type: 'boolean' },
    allow: { type: 'string', multiple: true },
    label: { type: 'string' },
    service: { type: 'boolean' },
    after: { type: 'string' },
    of: { type: 'string' },
    ...Object.fromEntries(MEASURES.map((word) => [word, { type: 'string', multiple: true }] as const))
  },
  words: 101,
  run: (values, words) => generate(values, words, process.stdin.isTTY && process.stdout.isTTY ? terminal : undefined)
}
