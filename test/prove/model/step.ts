import { closeShift, moveCash, openShift } from './cash.ts'
import { type Command, madeBy } from './commands.ts'
import { adjust, receive, sendBack } from './goods.ts'
import { pay, refund, voidSale } from './money.ts'
import { resume, sell } from './sales.ts'
import { type Outcome, Refusal, type State, type World } from './state.ts'
import { arrive, closeCount, countLine, send, startCount } from './stockroom.ts'

const rules = {
  sell,
  resume,
  pay,
  refund,
  voidSale,
  receive,
  sendBack,
  adjust,
  send,
  arrive,
  startCount,
  countLine,
  closeCount,
  openShift,
  closeShift,
  moveCash
}

/** What a command leads to: a new state and what the answer says; a refusal leaves the state as it was. */
export function step(world: World, before: State, command: Command): { state: State; outcome: Outcome } {
  const id = madeBy(command)
  if (id && before.made.includes(id)) return { state: before, outcome: { again: id } }
  const state = structuredClone(before)
  const rule = rules[command.do] as (world: World, state: State, command: Command) => Outcome
  try {
    const outcome = rule(world, state, command)
    if (id) state.made.push(id)
    return { state, outcome }
  } catch (error) {
    if (error instanceof Refusal) return { state: before, outcome: error.message }
    throw error
  }
}
