import { currency } from '../schemas/currency.ts'

// Invariants of what is said of parties: who owes what since when, and who earned what.

/** That a balance is the sum of the ledger, `accounts` says: each by age comes to it, and nobody who has one is left out. */
const tied = (party: 'customer' | 'vendor') => `
  select '${party} ' || p.id as id from ${party}s p left join ${party}_ageing a on a.id = p.id
    left join account_balances b on b.party_id = p.id
  where coalesce(a.current + a.days_1_30 + a.days_31_60 + a.days_61_90 + a.over_90 + a.unallocated, 0) <> coalesce(b.balance, 0)
    or coalesce(a.balance, 0) <> coalesce(b.balance, 0)`

/** What is open is of open invoices, and of receipts as far as there are any. */
export const ageing = () => `${tied('customer')} union all ${tied('vendor')}
  union all
  select 'customer ' || coalesce(a.customer_id, i.customer_id) from customer_ageing a
    full join (select customer_id, sum(balance) as open from invoices where status in ('issued', 'partial') and customer_id is not null
      group by 1) i using (customer_id)
  where coalesce(a.balance - a.unallocated, 0) <> coalesce(i.open, 0)
  union all
  select 'vendor ' || a.vendor_id from vendor_ageing a
    left join (select vendor_id, sum(total) as whole from stock_receipts group by 1) r using (vendor_id)
  where a.balance - a.unallocated <> least(greatest(a.balance, 0), coalesce(r.whole, 0))`

const share = (net: string, rate: string) => `round(${net} * ${rate} * 0.01, ${currency.scale})`

/** A sale earns its rate of what it is without tax, and what came back of it gave back as much of that. */
export const commission = () => `
  select 'invoice ' || i.id as id from invoices i
  where i.commission <> coalesce(${share('(i.total - i.tax)', 'i.commission_rate')}, 0)
    or (i.commission_rate is not null and (i.salesman_id is null or i.series_no is null))
  union all
  select 'invoice ' || i.id from invoices i
    join (select invoice_id, sum(amount - tax) as net, sum(commission) as commission from refunds group by 1) r on r.invoice_id = i.id
  where r.commission <> coalesce(${share('r.net', 'i.commission_rate')}, 0) or r.commission > i.commission`
