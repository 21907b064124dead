import { CommandError } from '../command.ts'
import type { Changes } from './changes.ts'
import { addEntry, editing } from './source.ts'

const WORDS = ['read', 'create', 'update', 'delete'] as const
type Word = (typeof WORDS)[number]
/** What a role may do with a new resource; the administrator may do all. */
export type Allowed = Record<'employee' | 'cashier', Word[]>

const isWord = (word: string): word is Word => (WORDS as readonly string[]).includes(word)

/** Reads `cashier:read,create`. @throws CommandError */
export function allowedOf(given: readonly string[]): Allowed {
  const allowed: Allowed = { employee: [], cashier: [] }
  for (const text of given) {
    const [role = '', list = ''] = text.split(':')
    const refuse = (sentence: string): never => {
      throw new CommandError(`--allow ${text}: ${sentence}.`)
    }
    if (role === 'admin') refuse('the administrator may do everything already')
    if (role !== 'employee' && role !== 'cashier')
      refuse('say employee or cashier and what they may, as in cashier:read,create')
    const words = list.split(',').filter(Boolean)
    const wrong = words.find((word) => !isWord(word))
    if (wrong || !words.length) refuse(`${wrong ? `there is no ${wrong}; ` : ''}say some of ${WORDS.join(', ')}`)
    if (!words.includes('read')) refuse('who may write a record must read it too; add read')
    if (allowed[role as keyof Allowed].length) refuse('that role is named twice')
    allowed[role as keyof Allowed] = WORDS.filter((word) => words.includes(word))
  }
  return allowed
}

/** Rows that the two roles are limited to: those of their branch, where a record has one, and those of all branches. */
type Rows = 'every' | 'own branch' | 'own or shared'
const CONDITIONS: Record<Rows, string> = { every: '', 'own branch': 'ownBranch', 'own or shared': 'ownOrShared' }

/** What a record of a branch is to who is of another: as for the resources that Regal comes with. */
export function rowsOf(fields: readonly { name: string; ref?: string; optional: boolean }[]): Rows {
  const branch = fields.find(({ name, ref }) => name === 'branch_id' && ref === 'branches')
  if (!branch) return 'every'
  return branch.optional ? 'own or shared' : 'own branch'
}

function grantCode(words: Word[], rows: Rows): string {
  const text = words.join(' ')
  if (!text) return 'none'
  const condition = CONDITIONS[rows]
  if (text === 'read' && !condition) return 'look'
  const actions = text === 'read create update' ? 'writeAll' : `'${text}'`
  return `[may(${actions}${condition && `, { where: ${condition} }`})]`
}

/** The words of test/policy/roles.ts, which says it in other ones so that the two can disagree. */
const TEST_WORDS: Record<Word, string> = { read: 'read', create: 'create', update: 'change', delete: 'remove' }
const TEST_ROLES = 'test/policy/roles.ts'

/** Plans the lines of a new resource in the role matrix and in the table that the tests expect from. */
export async function allow(changes: Changes, resource: string, allowed: Allowed, rows: Rows): Promise<void> {
  const { employee, cashier } = allowed
  const [office, till] = [employee, cashier].map((words) => grantCode(words, rows))
  await editing(changes, 'src/policy/matrix.ts', (source) =>
    addEntry(source, 'matrix', resource, `{ admin: all, employee: ${office}, cashier: ${till} }`)
  )
  if (!changes.has(TEST_ROLES)) return
  const words = (list: Word[]) =>
    list.length === WORDS.length ? 'all' : `'${list.map((word) => TEST_WORDS[word]).join(' ')}'`
  await editing(changes, TEST_ROLES, (source) =>
    addEntry(source, 'TABLE', resource, `[all, ${words(employee)}, ${words(cashier)}, '${rows}']`)
  )
}
