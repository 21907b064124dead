import { columnsOf, type Step } from './diff.ts'
import { mayLose } from './values.ts'

/**
 * Safe: a lock for a moment. Locking: the table is read or rewritten while nobody can write, or a release before this
 * one that still runs is broken by it. Lossy: values may be lost.
 */
export type Class = 'safe' | 'locking' | 'lossy'

export interface Judgement {
  class: Class
  sentence: string
}

const judged = (word: Class, sentence: string): Judgement => ({ class: word, sentence })

const OLDER = 'an older release that still runs'

function addColumn(step: Step): Judgement {
  const { required, default: value } = columnsOf(step).now!
  if (!required) return judged('safe', 'new; null in the rows that are there')
  if (value !== null) return judged('safe', `new; ${value} in the rows that are there`)
  return judged('locking', `new and required; ${OLDER} cannot create records`)
}

function changeType(step: Step): Judgement {
  const { old, now } = columnsOf(step)
  const sentence = `${old!.kind} becomes ${now!.kind} (${old!.type} to ${now!.type}); the table is rewritten while nobody can read or write it`
  return judged(mayLose(old!, now!) ? 'lossy' : 'locking', sentence)
}

function changeDefault(step: Step): Judgement {
  const { old, now } = columnsOf(step)
  if (now!.default !== null) return judged('safe', `the default is ${now!.default} from now on; rows stay as they are`)
  const gone = `no default any more (it was ${old!.default})`
  return now!.required ? judged('locking', `${gone}; ${OLDER} may rely on it`) : judged('safe', gone)
}

function renameColumn(step: Step): Judgement {
  const { old, now } = columnsOf(step)
  return judged('locking', `renamed from ${old!.name} to ${now!.name}; ${OLDER} asks for ${old!.name}`)
}

function bounds({ kind, before, after, key }: Step): Judgement {
  if (kind === 'drop constraint') return judged('safe', 'no bounds any more')
  const [id] = after!.constraints[key]!.fields
  const [old, now] = [before!.columns[id!], after!.columns[id!]!]
  if (!old || !mayLose(old, now)) {
    const words = old && !mayLose(now, old) ? 'the same bounds, written as' : 'wider bounds:'
    return judged('safe', `${words} ${after!.constraints[key]!.sql}`)
  }
  return judged('lossy', `narrower bounds: ${after!.constraints[key]!.sql}; ${OLDER} may write what is refused now`)
}

const BESIDE = 'the rows are read without stopping anybody'

/** What becomes of a constraint or an index, by the purpose that its key starts with. */
function rule(step: Step): Judgement {
  const { kind, before, after, key } = step
  const [purpose] = key.split(':')
  if (purpose === 'bounds') return bounds(step)
  const dropped = kind.startsWith('drop')
  const { sql, target } = (dropped ? before! : after!).constraints[key] ?? {}
  const words = kind.startsWith('replace') ? 'now' : 'new:'
  switch (purpose) {
    case 'fkey':
      if (dropped) return judged('safe', 'refers to nothing any more')
      return judged('lossy', `${words} refers to ${target}; what refers to nothing there is let go`)
    case 'unique':
      return judged('safe', dropped ? 'need not be unique any more' : `${words} unique; ${BESIDE}`)
    case 'check':
      return judged('safe', dropped ? `no rule any more: ${sql}` : `${words} ${sql}; ${BESIDE}`)
    default:
      return judged('safe', dropped ? 'the index goes' : `${words} an index, built beside the running shop`)
  }
}

/** What a step does to the database and to those who work meanwhile. */
export function classify(step: Step): Judgement {
  const { kind, before, after } = step
  switch (kind) {
    case 'create table':
      return judged('safe', 'a new table')
    case 'drop table':
      return judged('lossy', `the table goes with all its rows; ${OLDER} fails where it reads it`)
    case 'rename table':
      return judged('locking', `renamed from ${before!.name} to ${after!.name}; ${OLDER} asks for ${before!.name}`)
    case 'add column':
      return addColumn(step)
    case 'drop column':
      return judged('lossy', `goes with its values; ${OLDER} fails where it reads it`)
    case 'rename column':
      return renameColumn(step)
    case 'change type':
      return changeType(step)
    case 'require':
      return judged('locking', `required from now on; ${OLDER} may leave it out`)
    case 'allow null':
      return judged('safe', 'may be null from now on')
    case 'change default':
      return changeDefault(step)
    default:
      return rule(step)
  }
}
