import type { Resource } from '../schemas/define.ts'
import { kinds } from '../schemas/kinds.ts'
import { column } from './statement.ts'

export type Row = Record<string, unknown>
type Stored = unknown[]

/** What to select of a resource for one reader, and how the row becomes a record. Made once per set of fields. */
export interface Projection {
  names: readonly string[]
  /** The select list; `branch` gives the parameter with the reader's branch, asked for only when a field needs it. */
  sql(alias: string, branch: () => string): string
  /** The record in the cells from `from` on. */
  decode(stored: Stored, from?: number): Row
}

/** The value of a column as it goes on the wire. */
export function wireValue(resource: Resource, name: string, stored: unknown): unknown {
  const { kind, options } = resource.all[name]!
  const { decode } = kinds[kind]
  return decode && stored !== null ? decode(stored as never, options) : stored
}

interface Cell {
  name: string
  under: string | undefined
  decode: ((value: never) => unknown) | undefined
}

function cellOf(resource: Resource, name: string): Cell {
  const field = resource.all[name]!
  const { decode } = kinds[field.kind]
  return { name, under: field.under, decode: decode && ((value: never) => decode(value, field.options)) }
}

/** A fresh object with the same keys in the same order every time, so that the engine keeps one hidden class for it. */
function decoderOf(cells: Cell[]) {
  return (stored: Stored, from = 0): Row => {
    const row: Row = {}
    for (let i = 0; i < cells.length; i++) {
      const { name, under, decode } = cells[i]!
      const raw = stored[from + i]
      const value = decode && raw !== null ? decode(raw as never) : raw
      if (under === undefined) row[name] = value
      else {
        row[under] ??= {}
        ;(row[under] as Row)[name] = value
      }
    }
    return row
  }
}

const made = new WeakMap<Resource, WeakMap<readonly string[], Projection>>()

/** The projection of `names`; cached by the identity of the list, which lives as long as the access it came from. */
export function projectionOf(resource: Resource, names: readonly string[]): Projection {
  let known = made.get(resource)
  if (!known) {
    known = new WeakMap()
    made.set(resource, known)
  }
  let projection = known.get(names)
  if (!projection) {
    projection = makeProjection(resource, names)
    known.set(names, projection)
  }
  return projection
}

/**
 * What every cell is called: cells are read by their place. Of the names of each answer the driver makes an object;
 * measured, with the columns' own names that was a twentieth of what a get costs the server.
 */
const CELL = 'c'

/** A projection of names asked for once, by `$select`. */
export function makeProjection(resource: Resource, names: readonly string[]): Projection {
  const computed = names.some((name) => resource.all[name]!.computed)
  const plain = new Map<string, string>()
  const list = (alias: string, branch: () => string) =>
    names
      .map((name) => {
        const sql = resource.all[name]!.computed
        return `${sql ? sql(alias, branch) : column(alias, name)} as ${CELL}`
      })
      .join(', ')
  return {
    names,
    decode: decoderOf(names.map((name) => cellOf(resource, name))),
    sql(alias, branch) {
      if (computed) return list(alias, branch)
      let text = plain.get(alias)
      if (text === undefined) {
        text = list(alias, branch)
        plain.set(alias, text)
      }
      return text
    }
  }
}
