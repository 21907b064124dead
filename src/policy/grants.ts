import type { Action, Rule } from './access.ts'

/** Rules of a role on one resource; `except` is all fields but these. */
export type Grant = (Omit<Rule, 'subject'> & { except?: string[] })[]
export type Row = { admin: Grant; employee: Grant; cashier: Grant }

export const may = (
  actions: string,
  limits: { fields?: string[]; except?: string[]; where?: Rule['conditions'] } = {}
) => ({
  action: actions.split(' ') as Action[],
  ...(limits.fields && { fields: limits.fields }),
  ...(limits.except && { except: limits.except }),
  ...(limits.where && { conditions: limits.where })
})

export const all = [may('read create update delete override discount')]
export const look = [may('read')]
export const none: Grant = []
export const ownBranch = { branch_id: '$user.branch_id' }
export const lookHere = [may('read', { where: ownBranch })]
export const makeHere = [may('read create', { where: ownBranch })]
/** Rows that belong to all branches are everybody's. */
export const ownOrShared = { branch_id: { $in: [null, '$user.branch_id'] } }
export const makeShared = [may('read create', { where: ownOrShared })]
/** The drawer they opened. */
export const ownDrawer = { ...ownBranch, opened_by: '$user.id' }
export const own = { user_id: '$user.id' }
export const ownToday = { ...ownBranch, business_date: '$today' }
export const ownOpen = { ...ownBranch, status: { $in: ['draft', 'issued', 'partial'] } }
/** A transfer is of two branches: sent by the one, received by the other, read by both. */
export const fromOwn = { from_branch_id: '$user.branch_id' }
export const toOwn = { to_branch_id: '$user.branch_id' }
export const ofTransfer: Row = {
  admin: look,
  employee: [may('read', { where: fromOwn }), may('read', { where: toOwn })],
  cashier: none
}
export const writeAll = 'read create update'
/** What of a sale is between the shop and its salesman: not for the till. */
export const earned = ['commission_rate', 'commission']
