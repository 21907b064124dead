import { DomainError } from './errors.ts'

/** State -> the states that may follow it. */
export type Moves<S extends string = string> = Readonly<Record<S, readonly S[]>>

export type OrderState = 'pending' | 'in_progress' | 'completed' | 'delivered' | 'cancelled'
export type QuotationState = 'draft' | 'sent' | 'approved' | 'rejected' | 'converted'

/** An order as it is worked on. It ends by a document of its own, an order closing, as money and goods change hands. */
export const ORDER_MOVES: Moves<OrderState> = {
  pending: ['in_progress'],
  in_progress: ['completed'],
  completed: [],
  delivered: [],
  cancelled: []
}

/** How an order may end, from where. */
export const ORDER_ENDINGS: Moves<OrderState> = {
  pending: ['cancelled'],
  in_progress: ['cancelled'],
  completed: ['delivered', 'cancelled'],
  delivered: [],
  cancelled: []
}

/** A quotation comes back to be drafted anew until somebody has decided; an order made of it converts it. */
export const QUOTATION_MOVES: Moves<QuotationState> = {
  draft: ['sent'],
  sent: ['draft', 'approved', 'rejected'],
  approved: [],
  rejected: [],
  converted: []
}

/** Throws DomainError `move_not_allowed` at `status` unless `to` may follow `from`; to stay is no move. */
export function requireMove<S extends string>(moves: Moves<S>, from: S, to: S): void {
  if (to !== from && !moves[from].includes(to)) throw new DomainError('move_not_allowed', ['status'])
}
