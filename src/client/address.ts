type Query = Record<string, unknown>

const isObject = (value: unknown): value is Query =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Matches nothing, as no id is null. */
const NOTHING = { id: { $null: true } }

/** What one condition is in an address; undefined where nothing can match. */
function condition(value: unknown): unknown {
  if (value === null) return { $null: true }
  if (!isObject(value)) return value
  const kept: Query = {}
  for (const [name, operand] of Object.entries(value)) {
    if (name === '$in' && Array.isArray(operand) && !operand.length) return undefined
    if (name === '$ne' && operand === null) kept.$null = false
    else kept[name] = operand
  }
  return kept
}

/** What a word such as `$limit` is in an address. */
function word(name: string, value: unknown): unknown {
  if (!Array.isArray(value)) return value
  if (name === '$and' || name === '$or') return value.map(forAddress)
  return name === '$select' && !value.length ? ['id'] : value
}

/**
 * A query as it can stand in an address, where a null is an empty text and an empty list is not there at all: without
 * this, `$in: []` would find everything.
 */
export function forAddress(query: Query): Query {
  const kept: Query = {}
  const more: Query[] = []
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    const given = name.startsWith('$') ? word(name, value) : condition(value)
    if (given === undefined) more.push(NOTHING)
    else kept[name] = given
  }
  if (more.length) kept.$and = [...((kept.$and as Query[] | undefined) ?? []), ...more]
  return kept
}
