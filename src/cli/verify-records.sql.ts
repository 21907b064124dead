import { currency } from '../schemas/currency.ts'
import { resources } from '../schemas/index.ts'
import { MONEY_BOUND, QUANTITY_BOUND } from '../schemas/kinds.ts'

// Invariants of records as such. They follow from the definitions, so a resource added later is checked too.

export const union = (queries: string[]) => queries.join('\nunion all ')

/** An id, or the key it was made of, yields one record: a second create would have left a second audit row. */
export const onceOnly = () => `
  select resource || ' ' || record_id as id from audit_logs where action = 'create'
  group by resource, record_id having count(*) > 1`

const orphan = (table: string, column: string, target: string, key = 'id', condition = 'true') => `
  select '${table.replaceAll('_', '-')} ' || t.${table === 'account_balances' ? 'party_id' : 'id'} || ' ${column}' as id from "${table}" t
  where t."${column}" is not null and ${condition} and not exists (select from "${target}" p where p."${key}" = t."${column}")`

/** Documents beside sales that move stock. */
const GOODS_DOCUMENTS = [
  'refunds',
  'invoice_voids',
  'stock_receipts',
  'stock_returns',
  'stock_transfers',
  'stock_transfer_receipts',
  'stock_count_closings',
  'order_closings'
]
const notOneOf = (tables: string[]) =>
  tables.map((table) => `not exists (select from ${table} p where p.id = t.document_id)`).join(' and ')

export const orphans = () =>
  union([
    ...resources.flatMap(({ table, all }) =>
      Object.entries(all)
        .filter(([, { ref, computed }]) => ref && !computed)
        .map(([column, { ref }]) => orphan(table, column, ref!.replaceAll('-', '_')))
    ),
    ...['payments', 'expenses', 'vendor_payments'].map((table) => orphan(table, 'method', 'payment_methods', 'code')),
    orphan('stock_entries', 'document_id', 'invoices', 'id', notOneOf(GOODS_DOCUMENTS)),
    orphan('order_payments', 'method', 'payment_methods', 'code'),
    orphan('account_entries', 'party_id', 'customers', 'id', `t.party = 'customer'`),
    orphan('account_entries', 'party_id', 'vendors', 'id', `t.party = 'vendor'`),
    orphan(
      'account_entries',
      'document_id',
      'invoices',
      'id',
      notOneOf(['payments', 'vendor_payments', ...GOODS_DOCUMENTS])
    ),
    orphan(
      'account_balances',
      'party_id',
      'customers',
      'id',
      'not exists (select from vendors v where v.id = t.party_id)'
    )
  ])

/** What may be below zero; every other figure may not. */
const SIGNED = new Set([
  'stock_levels.on_hand',
  'stock_entries.qty',
  'stock_entries.balance_after',
  'stock_transfer_receipt_items.difference',
  'restock_levels.on_hand',
  'stock_count_lines.expected',
  'stock_count_closings.value',
  'stock_count_closing_items.expected',
  'stock_count_closing_items.difference',
  'stock_count_closing_items.value',
  'stock_reservations.quantity',
  'account_entries.amount',
  'account_entries.balance_after',
  'vendor_payments.balance_after',
  'customer_ageing.unallocated',
  'customer_ageing.balance',
  'vendor_ageing.unallocated',
  'vendor_ageing.balance',
  'commission_entries.net',
  'commission_entries.commission'
])

function wrongFigure(table: string, column: string, kind: string, most: number | undefined): string {
  const bound = most ?? (kind === 'quantity' ? QUANTITY_BOUND : MONEY_BOUND)
  const least = SIGNED.has(`${table}.${column}`) ? `-${bound}` : '0'
  const decimals = kind === 'money' ? ` or t."${column}" <> round(t."${column}", ${currency.scale})` : ''
  // NaN is above every number, so the bounds find it.
  return `(t."${column}" not between ${least} and ${bound}${decimals})`
}

export const amounts = () =>
  union(
    resources.flatMap(({ name, table, all }) => {
      const wrong = Object.entries(all)
        .filter(([, { kind, computed }]) => !computed && ['money', 'decimal', 'quantity'].includes(kind))
        .map(([column, { kind, options }]) => wrongFigure(table, column, kind, options.max))
      return wrong.length ? [`select '${name} ' || t.id as id from "${table}" t where ${wrong.join(' or ')}`] : []
    })
  )

export const sessions = () => `
  select 'session ' || s.id as id from sessions s join users u on u.id = s.user_id where s.ended_at is null and not u.is_active`
