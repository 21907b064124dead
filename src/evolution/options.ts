import { quote } from '../schemas/bounds.ts'
import { kinds } from '../schemas/kinds.ts'
import type { ColumnModel } from '../schemas/model.ts'
import { type Fills, subjectOf } from './count.ts'
import type { Snapshot } from './snapshot.ts'

/** The person's choices, as they were written: `products.color` -> text, and how many values may be lost. */
export interface Choices {
  fill?: Readonly<Record<string, string>>
  loss?: Readonly<Record<string, number>>
}

function literalOf(column: ColumnModel, text: string): string {
  const { kind, options } = column
  if (kind === 'json') return `${quote(JSON.stringify(JSON.parse(text)))}::jsonb`
  const { clean, parse } = kinds[kind]
  return `${quote(clean(parse && kind !== 'text' ? parse(text) : text, options))}::${column.type}`
}

/** The columns as they will be, by the name a person writes. */
function columnsBySubject(after: Snapshot): Map<string, ColumnModel> {
  const columns = new Map<string, ColumnModel>()
  for (const table of Object.values(after))
    for (const column of Object.values(table.columns)) {
      columns.set(subjectOf(table, column), column)
      columns.set(`${table.resource}.${column.name}`, column)
    }
  return columns
}

/** `--fill` as SQL literals; what cannot be understood goes to `refuse` as a sentence. */
export function fillsOf(after: Snapshot, fill: Choices['fill'] = {}, refuse: (sentence: string) => void): Fills {
  const columns = columnsBySubject(after)
  const fills: Record<string, string> = {}
  for (const [subject, text] of Object.entries(fill)) {
    const column = columns.get(subject)
    if (!column) refuse(`--fill ${subject}: there is no such field`)
    else
      try {
        fills[subject.replaceAll('-', '_')] = literalOf(column, text)
      } catch (error) {
        refuse(`--fill ${subject}: ${(error as Error).message}`)
      }
  }
  return fills
}
