import { ident } from '../schemas/model.ts'
import { columnsOf } from './diff.ts'
import { orderRenames, type Rename } from './names.ts'
import { byTable, goesWithType, ofKind, type Writing } from './writing.ts'

/** Unique constraints and keys are indexes too: they share the names of the whole schema. */
const isIndex = (key: string) => key === 'primary' || key.startsWith('unique:')

/** Tables first, then columns, then the constraints and indexes that are named after them. */
export function renameSql(writing: Writing): string[] {
  const tables = ofKind(writing, 'rename table').map(({ before, after }): Rename => [before.name, after.name])
  const columns = byTable(ofKind(writing, 'rename column')).flatMap(([table, steps]) => {
    const renames = steps.map((step): Rename => [columnsOf(step).old!.name, columnsOf(step).now!.name])
    return orderRenames(renames).map(([from, to]) => `alter table ${table.name} rename ${ident(from)} to ${ident(to)}`)
  })
  const rules = ofKind(writing, 'rename constraint', 'rename index').filter((step) => !goesWithType(step))
  const nameOf = (side: 'before' | 'after', { [side]: table, key }: (typeof rules)[number]) =>
    (table.constraints[key] ?? table.indexes[key]!).name
  const indexes = rules.filter(({ key, kind }) => kind === 'rename index' || isIndex(key))
  const others = byTable(rules.filter((rule) => !indexes.includes(rule))).flatMap(([table, steps]) =>
    orderRenames(steps.map((step): Rename => [nameOf('before', step), nameOf('after', step)])).map(
      ([from, to]) => `alter table ${table.name} rename constraint ${from} to ${to}`
    )
  )
  return [
    ...orderRenames(tables).map(([from, to]) => `alter table ${from} rename to ${to}`),
    ...columns,
    ...others,
    // Renames the constraint with its index.
    ...orderRenames(indexes.map((step): Rename => [nameOf('before', step), nameOf('after', step)])).map(
      ([from, to]) => `alter index ${from} rename to ${to}`
    )
  ]
}
