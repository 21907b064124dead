import { CREDIT_NOTE } from '../domain/tender.ts'
import { currency } from '../schemas/currency.ts'

// Invariants of what becomes of a sale: goods, refunds, money, accounts.

/** Entries of one kind of document, summed by document and product. */
const movedBy = (documents: string) => `(select e.document_id as id, e.product_id, sum(e.qty) as moved,
    sum(e.qty) filter (where e.qty > 0) as came from stock_entries e join ${documents} d on d.id = e.document_id group by 1, 2)`

const comingBack = `(select refund_id as id, product_id, sum(quantity) as booked, sum(case condition when 'restock' then quantity else 0 end) as kept
  from refund_items join products p on p.id = product_id where p.kind <> 'service' group by 1, 2)`

/** What was sold left the stock, voided or not; what came back is on the shelf, or was booked in and written off. */
export const deliveries = () => `
  select 'invoice ' || id || ' product ' || product_id as id
  from (select l.invoice_id as id, l.product_id, sum(l.quantity) as sold from invoice_items l join invoices i on i.id = l.invoice_id
        join products p on p.id = l.product_id
      where i.series_no is not null and p.kind <> 'service' group by 1, 2) s
    full join ${movedBy('invoices')} e using (id, product_id)
  where s.sold is distinct from -e.moved
  union all
  select 'refund ' || id || ' product ' || product_id
  from ${comingBack} r full join ${movedBy('refunds')} e using (id, product_id)
  where (r.booked, r.kept) is distinct from (e.came, e.moved)
  union all
  select 'void ' || id || ' product ' || product_id
  from (select v.id, l.product_id, sum(l.quantity) as sold from invoice_voids v join invoice_items l on l.invoice_id = v.invoice_id
      group by 1, 2) s
    full join ${movedBy('invoice_voids')} e using (id, product_id)
  where s.sold is distinct from e.moved`

/** The part of a line that is back, as a figure of its own: on one straight line from nothing to the whole. */
const worth = (whole: string) => `round((${whole} * b.quantity)::numeric(38, 20) / l.quantity, ${currency.scale})`

export const refunds = () => `
  select 'invoice line ' || l.id as id from invoice_items l join (select invoice_item_id, sum(quantity) as quantity, sum(amount) as amount,
      sum(tax) as tax from refund_items group by 1) b on b.invoice_item_id = l.id
  where b.quantity > l.quantity or b.amount <> ${worth('l.total')} or b.tax <> ${worth('l.tax')}
  union all
  select 'refund ' || r.id from refunds r
    left join (select refund_id, sum(amount) as amount, sum(tax) as tax from refund_items group by 1) l on l.refund_id = r.id
    left join (select refund_id, sum(amount) as amount, min(method) as least, max(method) as most from payments
      where direction = 'out' group by 1) p on p.refund_id = r.id
  where (r.amount, r.tax) is distinct from (l.amount, l.tax) or r.paid_out <> coalesce(p.amount, 0)
    or (p.least, p.most) is distinct from (r.method, r.method)
  union all
  select 'invoice ' || i.id from invoices i left join invoice_voids v on v.invoice_id = i.id
  where (i.status = 'cancelled' and i.series_no is not null) <> (v.id is not null) or v.amount <> i.total
    or (v.id is not null and (i.paid, i.balance, i.refunded) is distinct from (0.0, 0.0, 0.0))`

/** Of each invoice that something came back of, the lines that are not wholly back. */
const outside = `(select l.invoice_id, count(*) filter (where l.quantity > coalesce(b.quantity, 0)) as lines
  from invoice_items l left join (select invoice_item_id, sum(quantity) as quantity from refund_items group by 1) b
    on b.invoice_item_id = l.id
  where l.invoice_id in (select invoice_id from refunds) group by 1)`

/** What was paid of invoices, at once or by a part of a payment on account; what refunds pay out is not of it. */
const paid = `(select invoice_id, coalesce(sum(amount) filter (where direction = 'in'), 0) as came,
    coalesce(sum(amount) filter (where direction = 'out'), 0) as went, sum(change) as change
  from (select invoice_id, amount, direction, change from payments where refund_id is null and invoice_id is not null
    union all select a.invoice_id, a.amount, p.direction, 0 from payment_allocations a join payments p on p.id = a.payment_id) t
  group by 1)`

export const payments = () => `
  select 'invoice ' || i.id as id
  from invoices i left join ${paid} p on p.invoice_id = i.id
    left join (select invoice_id, sum(amount) as amount, sum(credited) as credited from refunds group by 1) r on r.invoice_id = i.id
    left join ${outside} o on o.invoice_id = i.id
  where i.total <> i.paid + i.balance + i.credited or i.paid <> coalesce(p.came - p.went, 0) or i.change <> coalesce(p.change, 0)
    or (p.invoice_id is not null and i.series_no is null)
    or i.refunded <> coalesce(r.amount, 0) or i.refunded > i.paid + i.credited
    or (i.status <> 'cancelled' and i.credited <> coalesce(r.credited, 0))
    or (i.status not in ('draft', 'cancelled') and i.status <>
      case when o.lines = 0 then 'refunded' when i.balance = 0 then 'paid' when i.paid > 0 then 'partial' else 'issued' end)
  union all
  select 'payment ' || p.id from payments p left join payments f on f.id = p.reverses
    left join (select payment_id, sum(amount) as amount from payment_allocations group by 1) a on a.payment_id = p.id
  where (p.invoice_id is null) <> (a.amount is not null) or a.amount <> p.amount
    or (f.id is not null and (p.direction, f.direction, p.amount, p.method, p.invoice_id) is distinct from
      ('out', 'in', f.amount, f.method, f.invoice_id))
    or (p.direction = 'out' and num_nonnulls(p.refund_id, p.reverses) <> 1
      and not exists (select from invoice_voids v where v.invoice_id = p.invoice_id and v.created_at = p.created_at))`

export const accounts = () => `
  select 'party ' || party_id as id
  from account_balances b full join (select party_id, sum(amount) as owed from account_entries group by 1) e using (party_id)
  where coalesce(b.balance, 0) <> coalesce(e.owed, 0)
  union all
  select 'customer ' || c.id from customers c left join account_balances b on b.party_id = c.id
    left join (select customer_id, sum(balance) as owed from invoices where status in ('issued', 'partial') group by 1) i
      on i.customer_id = c.id
    left join (select customer_id, sum(case direction when 'out' then amount else -amount end) as credit from payments
      where method = '${CREDIT_NOTE}' group by 1) n on n.customer_id = c.id
    left join (select o.customer_id, sum(e.credited) as credited from order_closings e join custom_orders o on o.id = e.order_id group by 1) o
      on o.customer_id = c.id
  where coalesce(b.balance, 0) <> coalesce(i.owed, 0) - coalesce(n.credit, 0) - coalesce(o.credited, 0)
  union all
  select 'vendor payment ' || v.number from vendor_payments v
    left join (select document_id as id, party_id, sum(amount) as amount from account_entries group by 1, 2) e on e.id = v.id
  where (e.party_id, e.amount) is distinct from (v.vendor_id, case v.direction when 'reverse' then v.amount else -v.amount end)`
