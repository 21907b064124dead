import { constraintSql, modelSql } from '../schemas/ddl.ts'
import type { TableModel } from '../schemas/model.ts'

/**
 * New tables, whole, in their order; a reference to one that is made after it is added when both are there.
 * @param known ids of the tables that are there already
 */
export function createSql(tables: readonly TableModel[], known: Iterable<string>): string[] {
  const there = new Set(known)
  const late: string[] = []
  const made = tables.flatMap((table) => {
    there.add(table.id)
    const constraints = Object.entries(table.constraints).filter(([, rule]) => {
      if (!rule.target || there.has(rule.target)) return true
      late.push(`alter table ${table.name} add ${constraintSql(rule)}`)
      return false
    })
    return modelSql({ ...table, constraints: Object.fromEntries(constraints) })
  })
  return [...made, ...late]
}
