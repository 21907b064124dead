import assert from 'node:assert/strict'
import { invariants } from '../../src/cli/verify.sql.ts'
import type { Queryable } from '../../src/database/connection.ts'
import type { Json, Shop } from './shop.ts'

/** What may never be found in the books, each a query that finds it. */
const violations: Record<string, string> = {
  'stock that is not the sum of its ledger': `select 1
    from (select product_id, branch_id, sum(qty) as moved from stock_entries group by 1, 2) e
    full join stock_levels l using (product_id, branch_id) where coalesce(l.on_hand, 0) <> coalesce(e.moved, 0)`,
  'stock below zero where that is blocked': `select 1 from stock_levels l join branches b on b.id = l.branch_id
    where l.on_hand < 0 and b.stock_policy = 'block'`,
  'a gap or a double in a number series': `select register_id from invoices where series_no is not null group by 1
    having count(*) <> max(series_no) or count(distinct series_no) <> count(*)`,
  'a series that is ahead of its invoices': `select 1 from number_series n
    where last_no <> (select count(*) from invoices i where i.register_id = n.register_id and i.series_no is not null)`,
  'numbers out of the order of time': `select 1 from (select issued_at, lag(issued_at) over (partition by register_id
    order by series_no) as before from invoices where series_no is not null) i where issued_at < before`,
  'an invoice that is not the sum of its lines': `select i.id from invoices i join invoice_items l on l.invoice_id = i.id
    group by i.id having sum(l.total) <> i.total or sum(l.tax) <> i.tax
      or sum(l.discount + l.document_discount) <> i.discount or sum(l.document_discount) <> i.discounts`,
  'an invoice without lines': `select 1 from invoices i
    where not exists (select 1 from invoice_items l where l.invoice_id = i.id)`,
  'an invoice that is not paid by its payments': `select 1 from invoices i where status not in ('draft', 'cancelled')
    and i.paid <> (select coalesce(sum(case direction when 'in' then amount else -amount end), 0) from (
      select direction, amount from payments where invoice_id = i.id and refund_id is null union all
      select p.direction, a.amount from payment_allocations a join payments p on p.id = a.payment_id where a.invoice_id = i.id) p)`,
  'an issued invoice whose stock did not move': `select 1 from invoices i where i.status not in ('draft', 'cancelled')
    and (select coalesce(sum(quantity), 0) from invoice_items l join products p on p.id = l.product_id
      where l.invoice_id = i.id and p.kind <> 'service')
      <> (select coalesce(-sum(qty), 0) from stock_entries e where e.document_id = i.id)`,
  'a balance that is not the sum of its entries': `select 1
    from (select party_id, sum(amount) as owed from account_entries group by 1) e
    full join account_balances b using (party_id) where coalesce(b.balance, 0) <> coalesce(e.owed, 0)`,
  'a sale without its one audit row': `select 1 from invoices i
    where (select count(*) from audit_logs a where a.record_id = i.id and a.action = 'create') <> 1`
}

/** Asserts that stock, numbers, invoices, payments and accounts agree with each other. */
export async function assertBooks(db: Queryable): Promise<void> {
  for (const [what, sql] of Object.entries(violations)) {
    const [{ n }] = (await db.query<{ n: number }>(`select count(*)::int as n from (${sql}) v`)) as [{ n: number }]
    assert.equal(n, 0, `${what}: ${n}`)
  }
}

const minor = (amount: string) => BigInt(amount.replace('.', ''))
const sum = (amounts: string[]) => amounts.reduce((total, amount) => total + minor(amount), 0n)

/** Asserts that the figures of an answered invoice (at scale 2) add up, line by line. */
export function assertSums(invoice: Json): void {
  const { totals, items, taxes, payments, prices_include_tax } = invoice
  const field = (name: string) => sum(items.map((line: Json) => line[name]))
  const tax = prices_include_tax ? 0n : minor(totals.tax)
  assert.equal(field('total'), minor(totals.total), 'total')
  assert.equal(field('tax'), minor(totals.tax), 'tax')
  assert.equal(field('discount') + field('document_discount'), minor(totals.discount), 'discount')
  assert.equal(minor(totals.subtotal) - minor(totals.discount) + tax, minor(totals.total), 'subtotal')
  assert.equal(sum(taxes.map((row: Json) => row.tax)), minor(totals.tax), 'taxes')
  assert.equal(sum(taxes.map((row: Json) => row.base)), minor(totals.total) - minor(totals.tax), 'bases')
  assert.equal(sum(payments.map((row: Json) => row.amount)), minor(totals.paid), 'payments')
  assert.equal(minor(totals.paid) + minor(totals.balance), minor(totals.total), 'balance')
}

const SECRET = /^(unit_cost|cost_price|average_cost|fingerprint|password.*|.*_hash)$/

/** Asserts that nothing in `value`, however deep, is what a cashier must not see. */
export function assertNoCost(value: unknown, path = ''): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    assert.doesNotMatch(key, SECRET, `${path}.${key} leaves the server`)
    assertNoCost(inner, `${path}.${key}`)
  }
}

let branches = 0
/** A further branch with a register of its own, as the administrator opens it. */
export async function openBranch(shop: Shop, fields: Json = {}): Promise<{ branch: string; register: string }> {
  const letters = [...String(++branches)].map((digit) => 'ABCDEFGHIJ'[Number(digit)]).join('')
  const branch = await shop.call('POST', '/branches', { name: letters, code: `B${letters}`, ...fields }, shop.admin)
  assert.equal(branch.status, 201, JSON.stringify(branch.body))
  const register = await shop.call('POST', '/registers', { branch_id: branch.body.id, code: '01' }, shop.admin)
  assert.equal(register.status, 201, JSON.stringify(register.body))
  return { branch: branch.body.id, register: register.body.id }
}

/** Goods in. */
export async function receive(shop: Shop, product_id: string, branch_id: string, qty: number, unit_cost = '6.00') {
  const entry = { product_id, branch_id, qty, type: 'IN', reason: 'receipt', unit_cost }
  const { status, body } = await shop.call('POST', '/stock-entries', entry, shop.admin)
  assert.equal(status, 201, JSON.stringify(body))
}

/** What is on hand, as the administrator reads it. */
export async function onHand(shop: Shop, product_id: string, branch_id = shop.branch): Promise<number | undefined> {
  const query = `product_id=${product_id}&branch_id=${branch_id}`
  const { body } = await shop.call('GET', `/stock-levels?${query}`, undefined, shop.admin)
  return body.data[0]?.on_hand
}

/** Asserts what `regal verify` checks. The users of tests are put into the table, and nobody wrote that down. */
export async function assertVerified(db: Queryable): Promise<void> {
  for (const { name, sql } of invariants) {
    const found = await db.query<{ id: string }>(sql())
    const wrong = found.filter(({ id }) => !/^users .* has no audit row$/.test(id))
    assert.deepEqual(wrong, [], name)
  }
}
