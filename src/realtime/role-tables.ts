import type { Database } from '../database/connection.ts'
import { type AccessTable, compileAccess, type Rule } from '../policy/access.ts'

/** The access of every role there is: an event is pruned once for each, whoever is connected and to which node. */
export class RoleTables {
  #database: Database
  #tables = new Set<AccessTable>()

  constructor(database: Database) {
    this.#database = database
  }

  async load(): Promise<void> {
    const roles = await this.#database.query<{ permissions: Rule[] }>('select permissions from roles')
    this.#tables = new Set(roles.map(({ permissions }) => compileAccess(permissions)))
  }

  all(): Iterable<AccessTable> {
    return this.#tables
  }
}
