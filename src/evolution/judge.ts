import { type Fills, type Question, subjectOf } from './count.ts'
import { columnsOf, type Step } from './diff.ts'
import { type Change, goesWithType, subjectOfStep } from './writing.ts'

/** What the database answered: how many, and a few of them as text. */
export interface Count {
  about: Question['about']
  n: number
  /** Those among them that nothing takes the place of, unless the person says what. */
  unplaced: number
  examples: string[]
}

/** What a step needs of the person before it may be written. */
export interface Case {
  step: Step
  fills: Fills
  /** Undefined without a database. */
  count?: Count
  question?: Question
  /** The budget, and how many of all steps of the subject would be lost. */
  allowed?: number
  lost: number
  /** Rows of the table are never changed, by a trigger. */
  appendOnly: boolean
  /** The table gets a new field, or there is a new table: what goes may have been meant to be renamed. */
  mayBeRename: boolean
}

const some = ({ examples }: Count) => (examples.length ? ` (${examples.map((text) => `'${text}'`).join(', ')})` : '')
const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`

/** A count in the words of its question: `3 values are lost ('abc', 'n/a', 'x')`. */
export function countWords(count: Count): string {
  const { n } = count
  const words: Record<Question['about'], string> = {
    rows: plural(n, 'row', 'rows'),
    values: plural(n, 'value', 'values'),
    lost: `${plural(n, 'value', 'values')} would be lost or cut`,
    nulls: `${plural(n, 'row has', 'rows have')} none`,
    duplicates: `${plural(n, 'value occurs', 'values occur')} more than once`,
    orphans: `${plural(n, 'value refers', 'values refer')} to nothing`,
    violations: `${plural(n, 'row breaks', 'rows break')} it`
  }
  return words[count.about] + some(count)
}

const renameHint = ({ step }: Case) => {
  const { old } = columnsOf(step)
  return old
    ? `; if it was renamed, say so in the definition of the new field with id: '${step.key}'`
    : `; if it was renamed, say so in the new definition with id: '${step.key}'`
}

function budget(one: Case): string[] {
  const { step, count, allowed, lost, mayBeRename } = one
  const subject = subjectOfStep(step)
  const drops = step.kind === 'drop table' || step.kind === 'drop column'
  const n = count?.n ?? 0
  // A drop is always asked for, also where there is nothing yet: another shop has rows.
  if (allowed === undefined && (drops || n > 0)) {
    const what = drops ? ` would be dropped with ${countWords(count!)}` : `: ${countWords(count!)}`
    const hint = mayBeRename ? renameHint(one) : ''
    return [`${subject}${what}; allow it with --allow-loss ${subject}=${lost}${hint}`]
  }
  if (allowed !== undefined && lost > allowed)
    return [`${subject}: ${countWords(count!)}, and --allow-loss allows ${allowed}`]
  return []
}

/** Whether something must stand where nothing can: a required column, and no fill. */
function needsFill({ step, fills, count }: Case): string[] {
  const { after, key } = step
  const now = after!.columns[after!.constraints[key]?.fields[0] ?? key]!
  const subject = subjectOf(after!, now)
  if (!now.required || !count?.unplaced || fills[subject] !== undefined) return []
  return [`${subject} is required: say what takes the place with --fill ${subject}=...`]
}

function mustBeMended({ step, count }: Case): string[] {
  if (!count?.n) return []
  return [`${subjectOfStep(step)}: ${countWords(count)}; mend them first`]
}

/** Rows that the migration would have to write, in a table that lets nobody. */
function cannotWrite({ step, count, appendOnly }: Case): string[] {
  if (!appendOnly || !count?.n || step.kind === 'change type' || goesWithType(step as Change)) return []
  return [`${subjectOfStep(step)}: ${countWords(count)}, and what was written to ${step.before!.name} is never changed`]
}

/** Why a step may not be taken, each a sentence that says what to do. */
export function refusalsOf(one: Case): string[] {
  const { step, question, count } = one
  if (!question) return []
  if (!count)
    return [
      `${subjectOfStep(step)}: ${one.step.kind} depends on the rows that are there; run "regal migrate plan" where the database is`
    ]
  switch (question.about) {
    case 'duplicates':
    case 'violations':
      return mustBeMended(one)
    case 'nulls':
      return [...needsFill(one), ...cannotWrite(one)]
    case 'rows':
      return step.kind === 'drop table' ? budget(one) : needsFill(one)
    case 'values':
      return budget(one)
    default:
      return [...budget(one), ...needsFill(one), ...cannotWrite(one)]
  }
}
