import type { Queryable } from '../../database/connection.ts'
import type { Resource } from '../../schemas/define.ts'
import { projectionOf, type Row } from '../projection.ts'
import { type Author, auditSql, boundTo } from '../resource.sql.ts'
import { Statement } from '../statement.ts'
import { methodsAmong } from './methods.sql.ts'

export interface OpenInvoice {
  status: string
  customer_id: string | null
  branch_id: string
  register_id: string
  balance: string
  invoice_no: string
  timezone: string
  methods: string[]
  cash_methods: string[]
}

/** Locks the invoice to be paid, so that two payments of one balance come one after the other. */
export async function lockInvoice(db: Queryable, id: unknown, method: unknown): Promise<OpenInvoice | undefined> {
  const [invoice] = await db.query<OpenInvoice>(
    `select i.status, i.customer_id, i.branch_id, i.register_id, i.balance, i.invoice_no, b.timezone, m.methods, m.cash_methods
     from invoices i join branches b on b.id = i.branch_id cross join ${methodsAmong('array[$2]')} m where i.id = $1 for update of i`,
    [id, method]
  )
  return invoice
}

/** The payment, the invoice it settles, the customer's account and the audit row, in one statement. */
export function writePayment(
  resource: Resource,
  payment: Row,
  paid: { status: string; invoice_no: string; entry_id: string; credit: boolean },
  author: Author
) {
  const statement = new Statement()
  const { bind } = statement
  const names = resource.columns.filter((name) => payment[name] !== undefined)
  const columns = names.map((name) => `"${name}"`).join(', ')
  const record = names.map((name) => `r."${name}"`).join(', ')
  const audit = { action: 'create', from: 'made t', row: 't', before: 'null', after: 'to_jsonb(t)' }
  // Credit that is drawn on goes up by what the invoice goes down by.
  const account = paid.credit
    ? []
    : [
        `owed as (update account_balances a set balance = a.balance - m.amount from made m
       where a.party_id = m.customer_id returning a.balance)`,
        `account as (insert into account_entries
       (id, created_at, party_id, party, branch_id, amount, balance_after, document, document_id, business_date, created_by)
       select ${bind(paid.entry_id)}::uuid, m.created_at, m.customer_id, 'customer', m.branch_id, -m.amount, o.balance, ${bind(paid.invoice_no)}::text, m.id,
         m.business_date, m.created_by from made m, owed o)`
      ]
  const parts = [
    `made as (insert into payments (${columns}) select ${record}
       from jsonb_populate_record(null::payments, ${bind(JSON.stringify(payment))}::jsonb) r returning *)`,
    `settled as (update invoices i set paid = i.paid + m.amount, balance = i.balance - m.amount, change = i.change + m.change,
       status = ${bind(paid.status)}, version = i.version + 1, updated_at = clock_timestamp() from made m where i.id = m.invoice_id)`,
    ...account,
    auditSql(resource, boundTo(statement, author), audit)
  ]
  const projection = projectionOf(resource, resource.readable)
  return {
    text: `with ${parts.join(',\n')} select ${projection.sql('t', () => 'null')} from made t`,
    values: statement.values,
    projection
  }
}
