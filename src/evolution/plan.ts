import type { TableModel } from '../schemas/model.ts'
import { type Class, classify } from './classify.ts'
import { type Fills, type Question, questionOf } from './count.ts'
import { diff, type Step } from './diff.ts'
import { type Case, type Count, refusalsOf } from './judge.ts'
import { type Choices, fillsOf } from './options.ts'
import type { Snapshot } from './snapshot.ts'
import { type MigrationFile, write } from './write.ts'
import { subjectOfStep } from './writing.ts'

/** What the database knows of the steps. Without it, whatever depends on rows is refused. */
export interface Facts {
  counts: ReadonlyMap<string, Count>
  /** Names of tables whose rows are never changed. */
  appendOnly: ReadonlySet<string>
}

export interface PlanOptions extends Choices {
  /** Words for the name of the file; made of the steps when left out. */
  name?: string
  /** The number of the first file. */
  number: number
  facts?: Facts
}

export interface Told {
  step: Step
  subject: string
  class: Class
  sentence: string
  count?: Count
}

export interface Plan {
  /** In the order in which they are told. */
  steps: Told[]
  /** Why nothing may be written; empty when all is well. */
  refusals: string[]
  files: MigrationFile[]
  /** The tables once the files are applied. */
  snapshot: Snapshot
}

/** What a step is known by among the counts. */
const stepKey = ({ kind, before, after, key }: Step) => `${kind} ${(after ?? before)!.id} ${key}`

/** What must be asked of the database before `plan` can tell all. */
export function questions(before: Snapshot, after: Snapshot, choices: Choices = {}): Map<string, Question> {
  const fills = fillsOf(after, choices.fill, () => {})
  const asked = diff(before, after).map((step) => [stepKey(step), questionOf(step, fills, before)] as const)
  return new Map(asked.filter((one): one is [string, Question] => one[1] !== undefined))
}

const underscored = (loss: Choices['loss'] = {}): Record<string, number> =>
  Object.fromEntries(Object.entries(loss).map(([subject, n]) => [subject.replaceAll('-', '_'), n]))

const LOSING = new Set<Question['about']>(['rows', 'values', 'lost', 'orphans'])

/** Lost and orphaned values of one column share its budget. */
function lostBySubject(steps: readonly Step[], facts: Facts | undefined): Map<string, number> {
  const lost = new Map<string, number>()
  for (const step of steps) {
    const count = facts?.counts.get(stepKey(step))
    if (!count || !LOSING.has(count.about) || step.kind === 'add column') continue
    const subject = subjectOfStep(step)
    lost.set(subject, (lost.get(subject) ?? 0) + count.n)
  }
  return lost
}

function mayBeRename(step: Step, steps: readonly Step[]): boolean {
  if (step.kind === 'drop table') return steps.some(({ kind }) => kind === 'create table')
  const comes = ({ kind, after }: Step) => kind === 'add column' && after!.id === step.after!.id
  return step.kind === 'drop column' && steps.some(comes)
}

function casesOf(steps: readonly Step[], fills: Fills, before: Snapshot, options: PlanOptions): Case[] {
  const { facts } = options
  const loss = underscored(options.loss)
  const lost = lostBySubject(steps, facts)
  return steps.map((step): Case => {
    const question = questionOf(step, fills, before)
    const count = facts?.counts.get(stepKey(step))
    const subject = subjectOfStep(step)
    return {
      step,
      fills,
      ...(question && { question }),
      ...(question && count && { count }),
      ...(loss[subject] !== undefined && { allowed: loss[subject] }),
      lost: lost.get(subject) ?? 0,
      appendOnly: facts?.appendOnly.has((step.before as TableModel | undefined)?.name ?? '') ?? false,
      mayBeRename: mayBeRename(step, steps)
    }
  })
}

/** Options that speak of nothing in the plan are most likely misspelt. */
function unasked(steps: readonly Step[], fills: Fills, loss: Record<string, number>): string[] {
  const subjects = new Set(steps.map(subjectOfStep))
  return [
    ...Object.keys(fills)
      .filter((subject) => !subjects.has(subject))
      .map((subject) => `--fill ${subject}`),
    ...Object.keys(loss)
      .filter((subject) => !subjects.has(subject))
      .map((subject) => `--allow-loss ${subject}`)
  ].map((option) => `${option}: nothing in this plan asks for it`)
}

/**
 * The migration that leads from `before` (the snapshot) to `after` (the definitions): its steps, why it may not be
 * written, or its files. Pure: what it knows of the rows comes with `facts`.
 */
export function plan(before: Snapshot, after: Snapshot, options: PlanOptions): Plan {
  const refusals: string[] = []
  const fills = fillsOf(after, options.fill, (sentence) => refusals.push(sentence))
  const steps = diff(before, after)
  const cases = casesOf(steps, fills, before, options)
  refusals.push(...unasked(steps, fills, underscored(options.loss)), ...cases.flatMap(refusalsOf))
  const told = cases
    .filter(({ step }) => !step.part)
    .map(
      ({ step, count }): Told => ({ step, subject: subjectOfStep(step), ...classify(step), ...(count && { count }) })
    )
  const writing = { steps, before, after, fills, loss: underscored(options.loss) }
  const files = refusals.length || !steps.length ? [] : write(writing, told, options)
  return { steps: told, refusals: [...new Set(refusals)], files, snapshot: after }
}

/** A plan that may not be written; `message` holds its reasons, a line each. */
export class PlanRefused extends Error {}

/**
 * The files for changes that lose nothing whatever the rows: new tables, optional or defaulted fields, renames, wider
 * bounds, indexes. Needs no database. @throws PlanRefused
 */
export function planOffline(before: Snapshot, after: Snapshot, options: Omit<PlanOptions, 'facts'>): Plan {
  const made = plan(before, after, options)
  if (made.refusals.length) throw new PlanRefused(made.refusals.join('\n'))
  return made
}
