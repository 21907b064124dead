import type { Params } from '@feathersjs/feathers'
import type { Queryable } from '../database/connection.ts'
import type { Key } from '../schemas/keys.ts'
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
  /** A create that changes the record of this unique key where there is one, within the reach of an update. */
  upsert?: Upsert
  /** Everything runs and nothing stays. */
  dry_run?: boolean
  /**
   * When a record came about, where that is not now: for the demo shop and other programs inside the process, which call
   * in the order of time, as numbers follow the order of calls. Read through `momentOf` alone.
   */
  at?: Date
  /** The prices and discounts of a sale were settled earlier, on an order, by who might: they are not asked about again. */
  agreed?: boolean
  /** Set by the service when a create answered the record of an earlier one. */
  replayed?: boolean
  /** Set by the service when a patch, or an upsert, had nothing to change. */
  unchanged?: boolean
  /** Set by the service when an upsert changed a record that was there. */
  patched?: boolean
}

export interface Upsert {
  key: Key
  /** What of an existing record is in reach; undefined for everything. */
  access?: Access
}

/**
 * Whether the call is part of another one, which has authenticated, counted and logged it already: params come from the
 * transports alone, and none of them sets a principal or a transaction.
 */
export const isNested = ({ principal, transaction }: Call): boolean =>
  principal !== undefined && transaction !== undefined

/** The past instant that a call inside the process stands for. A request has none, whatever its params hold: its time is now. */
export const momentOf = ({ provider, at }: Call): Date | undefined => (provider ? undefined : at)
