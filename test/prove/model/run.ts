import { isDeepStrictEqual } from 'node:util'
import type { Shop } from '../../support/shop.ts'
import type { Command } from './commands.ts'
import { decide } from './decide.ts'
import type { Draw } from './draws.ts'
import { expectedView, look, type View } from './look.ts'
import { perform, requestOf } from './requests.ts'
import type { Outcome, State, World } from './state.ts'
import { step } from './step.ts'
import { openWorld } from './world.ts'

/** The state that some order of the commands leads to, in which each is answered as it was and all looks as it does. */
function explain(
  world: World,
  state: State,
  done: readonly { command: Command; outcome: Outcome }[],
  fits: (state: State) => boolean
): State | undefined {
  if (!done.length) return fits(state) ? state : undefined
  for (const [i, { command, outcome }] of done.entries()) {
    const next = step(world, state, command)
    if (!isDeepStrictEqual(next.outcome, outcome)) continue
    const found = explain(world, next.state, done.toSpliced(i, 1), fits)
    if (found) return found
  }
  return undefined
}

const show = (value: unknown) => JSON.stringify(value)

/** A sequence as a person would try it by hand. */
function story(world: World, past: readonly Command[][]): string {
  const users = world.users.map(({ role }, i) => `${role} ${i + 1}`)
  return past
    .map((burst) =>
      burst
        .map((command, i) => {
          const { method, path, body } = requestOf(world, command)
          return `${i ? '  | ' : '  '}${users[command.by]}: ${method} ${path} ${show(body)}`
        })
        .join('\n')
    )
    .join('\n')
}

/** How many commands of each kind led to what. */
export interface Tally {
  commands: number
  done: Record<string, number>
}

const count = (tally: Tally, command: Command, outcome: Outcome): void => {
  const key = `${command.do}: ${typeof outcome === 'string' ? outcome : 'again' in outcome ? 'again' : 'done'}`
  tally.commands++
  tally.done[key] = (tally.done[key] ?? 0) + 1
}

const MONEY = ['sell', 'resume', 'pay', 'refund', 'voidSale']

/**
 * Of some commands those that may be done at once and be explained by an order. A sale looks whether a shift is open before
 * it takes its number, so shifts are not opened while something is sold: what falls in between belongs to the shift after.
 * Of two counts of one product at once nobody could tell which is the last.
 */
function together(commands: Command[]): Command[] {
  if (commands.length < 2) return commands
  const opens = commands.some((one) => one.do === 'openShift')
  const counts = commands.filter((one) => one.do === 'countLine')
  const first = (one: Command) =>
    one.do !== 'countLine' || counts.find(({ product }) => product === one.product) === one
  return commands.filter((one) => !(opens && MONEY.includes(one.do)) && first(one))
}

/**
 * Plays bursts of commands against the shop and the model: those of one burst at once, and their answers must follow from
 * some order of them.
 */
export async function play(shop: Shop, rules: number, bursts: readonly Draw[][], tally: Tally): Promise<void> {
  const { world, state: first } = await openWorld(shop, rules)
  let state = first
  const past: Command[][] = []
  for (const draws of bursts) {
    const made = past.flat().filter((one) => one.do !== 'resume')
    const commands = together(draws.flatMap((draw) => decide(world, state, draw, made) ?? []))
    if (!commands.length) continue
    past.push(commands)
    const outcomes = await Promise.all(commands.map((command) => perform(shop, world, command)))
    const view = await look(shop, world, commands)
    const done = commands.map((command, i) => ({ command, outcome: outcomes[i]! }))
    const next = explain(world, state, done, (after) => isDeepStrictEqual(expectedView(after, commands), view))
    for (const { command, outcome } of done) count(tally, command, outcome)
    if (!next) throw new Error(complaint(world, state, past, outcomes, view))
    state = next
  }
}

function complaint(world: World, state: State, past: Command[][], outcomes: Outcome[], view: View): string {
  const last = past.at(-1)!
  const rules = `tax ${world.taxIncluded ? 'in the price' : 'on top'}, rounded per ${world.taxPerDocument ? 'document' : 'line'}`
  const lines = [
    `The shop did what the model would not (${rules}, stock ${world.blocksBelowZero ? 'blocks' : 'may go below zero'}):`,
    story(world, past),
    ...outcomes.map((outcome) => `answered ${show(outcome)}`)
  ]
  let after = state
  for (const command of last) {
    const next = step(world, after, command)
    after = next.state
    lines.push(`the model ${show(next.outcome)}${last.length > 1 ? ', in this order' : ''}`)
  }
  lines.push(`found     ${show(view)}`, `the model ${show(expectedView(after, last))}`)
  return named(lines.join('\n'), world, past.flat())
}

/** Ids as people would call them. */
function named(text: string, world: World, commands: readonly Command[]): string {
  const ids: [id: string, name: string][] = [
    [world.branch, 'branch'],
    [world.vendor, 'vendor'],
    ...world.registers.map((id, i): [string, string] => [id, `register ${i + 1}`]),
    ...world.products.map(({ id }, i): [string, string] => [id, `product ${i + 1}`]),
    ...world.customers.map(({ id }, i): [string, string] => [id, `customer ${i + 1}`]),
    ...commands.flatMap((one, i): [string, string][] => ('id' in one ? [[one.id, `${one.do} ${i + 1}`]] : []))
  ]
  return ids.reduce((so, [id, name]) => so.replaceAll(id, name), text)
}
