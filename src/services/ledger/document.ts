import type { Queryable } from '../../database/connection.ts'
import { businessDate } from '../../domain/dates.ts'
import { fieldFailure } from '../../errors.ts'
import { type Call, momentOf } from '../../policy/call.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { Row } from '../projection.ts'
import { insertOne } from '../resource.sql.ts'
import { type Engine, ResourceService } from '../resource.ts'
import { tellMoved } from '../stock/levels.ts'
import { type Branch, insertLines, readBranch } from './document.sql.ts'
import { lockLevels, moveStock, type StockMove } from './stock.sql.ts'

/** What every part of a document's transaction is given. */
export interface Writing {
  db: Queryable
  id: string
  call: Call
  fingerprint: string | null
  /** Who makes it, and when, where that is not now. */
  created_by: string | null
  at: Date | undefined
}

/**
 * A document: one create that writes its record, lines, ledgers and number in one transaction, once per client-made id.
 * Locks in this order everywhere: the documents it changes, stock levels, account balances, its number.
 */
export abstract class DocumentService extends ResourceService {
  protected readonly publisher: Publisher

  constructor(name: string, engine: Engine, publisher: Publisher) {
    super(resourceNamed(name), engine)
    this.publisher = publisher
  }

  override create(data: Row, call: Call = {}): Promise<Row> {
    const created_by = call.principal?.user.id ?? null
    return this.exactlyOnce(data, call, (id, fingerprint) =>
      this.inTransaction(call, (db) => this.write({ db, id, call, fingerprint, created_by, at: momentOf(call) }, data))
    )
  }

  /** All of it, inside the transaction. Answers the record with its lines. */
  protected abstract write(writing: Writing, data: Row): Promise<Row>

  /** The branch asked for, else the caller's; within reach, there, and active. @throws 403, 422 */
  protected async branchOf({ db, call }: Writing, data: Row, field = 'branch_id'): Promise<Branch> {
    const id = data[field] ?? call.reader?.scope_branch_id ?? this.engine.places.home
    this.requireWithin({ [field]: id }, call, true)
    return activeBranch(db, id, field)
  }

  protected today({ at }: Writing, { timezone }: Pick<Branch, 'timezone'>): string {
    return businessDate(at ?? new Date(), timezone)
  }

  /** The document's own row and its audit row. */
  protected async record(writing: Writing, row: Row): Promise<Row> {
    const { db, id, call, fingerprint, created_by } = writing
    const record = this.complete({ ...row, id, created_by }, call)
    const { text, values, projection } = insertOne(
      this.resource,
      record,
      this.author(call, fingerprint),
      this.fullScope(call)
    )
    const [cells] = await db.rows(text, values)
    return projection.decode(cells!)
  }

  protected lines({ db }: Writing, resource: string, rows: readonly Row[]): Promise<Row[]> {
    return insertLines(db, resourceNamed(resource), rows)
  }

  /** Locks, moves and tells of stock. For moves that change the average cost, lock first and use `moveStock`. */
  protected async move(writing: Writing, moves: readonly StockMove[]): Promise<void> {
    await lockLevels(writing.db, moves)
    this.tellLevels(writing.db, await moveStock(writing.db, moves, writing))
  }

  /** Readers of stock hear of it once it is committed. */
  protected tellLevels(db: Queryable, moved: unknown): void {
    db.afterCommit(() => tellMoved(this.publisher, moved))
  }
}

/** A branch that is there and active. @throws 422 */
export async function activeBranch(db: Queryable, id: unknown, field: string): Promise<Branch> {
  const branch = await readBranch(db, id)
  if (!branch) throw fieldFailure('unknown_reference', field)
  if (!branch.is_active) throw fieldFailure('inactive', field)
  return branch
}
