import type { FeathersError } from '@feathersjs/errors'
import type { Database, Queryable } from '../../database/connection.ts'
import { isTransient } from '../../database/errors.ts'
import { failure, fieldFailure } from '../../errors.ts'
import type { InTurn } from '../../hooks/rehearse.ts'
import { newId } from '../../ids.ts'
import type { Call } from '../../policy/call.ts'
import type { Principal } from '../../policy/principal.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { isUuid } from '../../schemas/kinds.ts'
import { clientId, hasTwin } from '../exactly-once.ts'
import { keepAnswer, takeId } from './batches.sql.ts'
import { fingerprintOf, rightsOf } from './content.ts'
import { type Operation, placed, readBatch } from './operations.ts'

/** Calls the service of an operation with all its hooks, and answers what its caller may see of the result. */
export type Perform = (operation: Operation, params: Call) => Promise<unknown>

export interface BatchParts {
  database: Database
  perform: Perform
  inTurn: InTurn
  /** Operations of one batch. */
  most: number
}

export interface BatchAnswer {
  id: string
  results: unknown[]
}

interface Batch {
  /** As the client gave it; without one a batch cannot be sent again. */
  id: string | undefined
  operations: Operation[]
  /** The operation that runs, or failed. */
  at: number
}

/** Several calls in one transaction: all of them take effect, or none. */
export class BatchService {
  private parts: BatchParts

  constructor(parts: BatchParts) {
    this.parts = parts
  }

  /**
   * Runs the operations one after the other, as the caller. Sent again under its id, a batch that took effect is answered
   * as the first time. @throws the error of the first operation that fails, with its index; 409 id_conflict
   */
  async create(body: unknown, call: Call = {}): Promise<BatchAnswer> {
    const [word] = Object.keys(call.query ?? {})
    if (word !== undefined) throw fieldFailure('invalid_query', word, 'is not taken here')
    const { operations, ...given } = readBatch(body, this.parts.most)
    const batch: Batch = { id: clientId({ id: 'batch' }, given, call), operations, at: 0 }
    if (call.transaction) return this.run(call.transaction, batch, call)
    return this.parts.inTurn(() => this.runAlone(batch, call))
  }

  private async runAlone(batch: Batch, call: Call): Promise<BatchAnswer> {
    const { database } = this.parts
    const run = () => database.transaction((tx) => this.run(tx, batch, call))
    return run().catch(async (error) => {
      if (!(await this.metTwin(batch, error))) throw error
      // What came in between is found before anything is written now.
      return run()
    })
  }

  /** Whether a create failed as a call with its id came in between: that one's record is its answer. */
  private async metTwin({ operations, at }: Batch, { data, cause }: FeathersError & { cause?: unknown }) {
    const { method, resource, data: sent } = operations[at]!
    if (method !== 'create' || !isUuid(sent?.id)) return false
    // The content differed from an earlier one's; that does not change.
    if (!cause && (data as { reason?: string } | undefined)?.reason === 'id_conflict') return false
    return hasTwin(this.parts.database, resourceNamed(resource), sent.id.toLowerCase(), cause)
  }

  private async run(tx: Queryable, batch: Batch, call: Call): Promise<BatchAnswer> {
    const { id, operations } = batch
    const { principal } = call
    if (!principal) throw failure('not_signed_in')
    const earlier = id && (await this.earlier(tx, id, operations, principal))
    if (id && earlier) {
      call.replayed = true
      return { id, results: earlier }
    }
    const results: unknown[] = []
    for (const [index, operation] of operations.entries()) {
      batch.at = index
      results.push(await this.perform(tx, operation, index, call))
    }
    if (id) await keepAnswer(tx, id, results)
    return { id: id ?? newId(), results }
  }

  /** The answer to an earlier batch with this id. Who may see more or less by now gets its ids. */
  private async earlier(tx: Queryable, id: string, operations: Operation[], principal: Principal) {
    const fingerprint = fingerprintOf(operations, principal)
    const rights = rightsOf(principal)
    const earlier = await takeId(tx, id, { fingerprint, rights })
    if (!earlier) return undefined
    if (earlier.fingerprint !== fingerprint) throw failure('id_conflict')
    if (earlier.rights === rights) return earlier.answer
    return (earlier.answer as { id: string }[]).map((record) => ({ id: record.id }))
  }

  private async perform(transaction: Queryable, operation: Operation, index: number, call: Call): Promise<unknown> {
    const { principal, reader, request_id } = call
    try {
      // A provider, so that the hooks hold it to what the caller may do; as for sockets, values come with their types.
      const params: Call = {
        provider: 'batch',
        principal,
        reader,
        request_id,
        transaction,
        query: operation.query ?? {}
      }
      return await this.parts.perform(operation, params)
    } catch (error) {
      const { cause } = error as { cause?: unknown }
      // For the transaction to run again.
      if (isTransient(cause)) throw cause
      throw placed(error as FeathersError, index)
    }
  }
}
