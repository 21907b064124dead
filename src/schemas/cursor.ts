import { columnOf, comparable, type Gate, refuse } from './conditions.ts'
import type { Order } from './query.ts'
import { checkShape } from './shape.ts'

/** Holds the longest text that a list can be sorted by; more than an address takes goes into a posted query. */
const LONGEST = 16_000

/** The place in an order after which a page begins: the values of its fields at the last record. Null: at the start. */
export interface Cursor {
  values: unknown[] | null
}

const signature = (sort: Order) => sort.map(([name, way]) => (way < 0 ? `-${name}` : name)).join(',')

const encode = (text: string) => Buffer.from(text).toString('base64url')
const decode = (text: string) => Buffer.from(text, 'base64url').toString('utf8')

/** The text a client hands back for the next page. It says which order it belongs to, and nothing the page did not. */
export const cursorText = (sort: Order, values: unknown[]): string =>
  encode(JSON.stringify([signature(sort), ...values]))

function parse(given: string): unknown[] {
  try {
    const list: unknown = JSON.parse(decode(given))
    if (Array.isArray(list)) return list
  } catch {
    // Not one of ours; refused below like any other text.
  }
  return refuse('$after', 'must be the `next` of an earlier page, or empty for the first')
}

/** Reads `$after`. @throws 400 for what is no cursor, or one of another order */
export function cursorOf(gate: Gate, sort: Order, given: unknown): Cursor {
  if (typeof given !== 'string' || given.length > LONGEST)
    refuse('$after', `must be text of at most ${LONGEST} characters`)
  if (given === '') return { values: null }
  const [order, ...values] = parse(given)
  checkShape(values)
  if (order !== signature(sort) || values.length !== sort.length)
    refuse('$after', 'belongs to a list of another order: use the same $sort for all pages')
  // Made by anybody as far as we know: each value is held to its field, as in a filter.
  const typed = { ...gate, textual: false }
  return {
    values: values.map((value, i) => {
      const [name] = sort[i]!
      const field = columnOf(typed, name)
      if (value === null) return field.nullable ? null : refuse('$after', 'does not fit its order')
      return comparable(typed, name, field, value)
    })
  }
}
