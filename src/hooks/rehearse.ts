import type { Database } from '../database/connection.ts'
import { failure, fieldFailure } from '../errors.ts'
import { isResource } from '../schemas/index.ts'
import { auditMark, auditSince } from './changes.sql.ts'
import { changesFor } from './changes.ts'
import type { Hook } from './types.ts'

/** Runs work that holds a database connection for long when its turn comes. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/**
 * A dry run: everything runs, the write's own hooks and checks included, in a transaction that is rolled back. Answers
 * what the write would have answered, and what it would have changed, as far as the caller may read it.
 */
export const rehearse =
  (database: Pick<Database, 'rehearsal'>, inTurn: InTurn): Hook =>
  async (context, next) => {
    const { path, params } = context
    if (!params.provider || !params.dry_run) return next()
    if (params.transaction) throw fieldFailure('invalid_query', '$dry_run', 'is for a whole batch')
    if (!isResource(path) && path !== 'batch') throw failure('no_dry_run')
    await inTurn(() =>
      database.rehearsal(async (transaction) => {
        const mark = await auditMark(transaction)
        params.transaction = transaction
        await next()
        const changes = changesFor(await auditSince(transaction, mark), params.principal!.access)
        context.dispatch = { dry_run: true, result: context.dispatch ?? context.result, changes }
      })
    )
  }
