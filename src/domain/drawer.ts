import type { Minor } from './money.ts'

/** How a movement of cash changes the drawer. `no_sale` opens it and moves nothing. */
const SIGNS = { paid_in: 1n, paid_out: -1n, drop: -1n, expense: -1n, deposit: -1n, no_sale: 0n } as const

export type CashMovement = keyof typeof SIGNS
export const CASH_MOVEMENTS = Object.keys(SIGNS) as CashMovement[]

/** What a movement adds to the drawer; negative where it takes out. */
export const drawerEffect = (kind: CashMovement, amount: Minor): Minor => SIGNS[kind] * amount

export interface Drawer {
  /** What was counted at the opening. */
  float: Minor
  /** Cash kept of sales: amounts settled, change not counted, as it went back. */
  sales: Minor
  refunds: Minor
  /** Sum of the movements' effects. */
  movements: Minor
}

/** The cash that must be there: float + sales - refunds + paid in - paid out - drops. */
export const expectedCash = ({ float, sales, refunds, movements }: Drawer): Minor => float + sales - refunds + movements
