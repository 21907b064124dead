import type { Include } from '../schemas/query.ts'
import { type Projection, projectionOf, type Row } from './projection.ts'
import type { Scope } from './scope.ts'
import { column, type Statement, whereSql } from './statement.ts'

interface Joined {
  name: string
  projection: Projection
  /** The first of its cells in a row, which is the id: null where nothing is referred to, or nothing within reach. */
  from: number
  inner: Joined[]
}

/** Records that a row refers to, read with it in one statement: a join each, and the columns their reader may see. */
export class Joins {
  readonly tables: string[] = []
  readonly columns: string[] = []
  /** Cells of a row, the joined ones included. */
  width: number
  private readonly joined: Joined[]
  private readonly statement: Statement
  private readonly scope: Scope
  private readonly branch: () => string

  constructor(include: Include[], from: number, statement: Statement, scope: Scope, branch: () => string) {
    this.width = from
    this.statement = statement
    this.scope = scope
    this.branch = branch
    this.joined = this.join(include, 't')
  }

  get sql(): string {
    return this.tables.join('')
  }

  /** Puts the joined records into the one they were read with. */
  read(record: Row, cells: unknown[], joined = this.joined): Row {
    for (const { name, projection, from, inner } of joined) {
      if (cells[from] === null) record[name] = null
      else record[name] = this.read(projection.decode(cells, from), cells, inner)
    }
    return record
  }

  private join(include: Include[], alias: string): Joined[] {
    return include
      .filter(({ relation }) => !relation.many)
      .map(({ relation, include: further }) => {
        const { name, target, own, their, access } = relation
        const there = this.statement.alias()
        const projection = projectionOf(target, access.fields)
        const from = this.width
        this.width += projection.names.length
        this.columns.push(projection.sql(there, this.branch))
        const rows = access.alternatives
          ? ` and ${whereSql({ or: access.alternatives }, target, there, this.statement, this.scope.reader)}`
          : ''
        this.tables.push(
          ` left join "${target.table}" ${there} on ${column(there, their)} = ${column(alias, own)}${rows}`
        )
        return { name, projection, from, inner: this.join(further, there) }
      })
  }
}
