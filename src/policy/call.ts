import type { Params } from '@feathersjs/feathers'
import type { Queryable } from '../database/connection.ts'
import type { Plan } from '../schemas/query.ts'
import type { Access } from './access.ts'
import type { Principal } from './principal.ts'
import type { Reader } from './reader.ts'

/** What travels with a service call. The hooks fill it in; an internal call has no provider and reaches everything. */
export interface Call extends Params {
  request_id?: string
  ip?: string
  headers?: Record<string, string | undefined>
  /** The socket's own object, where the call came over one. */
  connection?: Record<string, unknown>
  principal?: Principal
  reader?: Reader
  /** Rows and fields in reach of this call. */
  access?: Access
  plan?: Plan
  /** The query came as JSON, whose values have types; in an address everything is text. */
  typed?: boolean
  /** From the header `Idempotency-Key`: stands for the id where the body has none. */
  idempotency_key?: string
  /** Joins the caller's transaction instead of writing alone. */
  transaction?: Queryable
  /**
   * When a record came about, where that is not now: for the demo shop and other programs inside the process, which call
   * in the order of time, as numbers follow the order of calls. Read through `momentOf` alone.
   */
  at?: Date
  /** Set by the service when a create answered the record of an earlier one. */
  replayed?: boolean
  /** Set by the service when a patch had nothing to change. */
  unchanged?: boolean
}

/** The past instant that a call inside the process stands for. A request has none, whatever its params hold: its time is now. */
export const momentOf = ({ provider, at }: Call): Date | undefined => (provider ? undefined : at)
