-- safe: invoices.commission_rate: new; null in the rows that are there
-- safe: invoices.commission: new; '0' in the rows that are there
-- safe: invoices: new: an index, built beside the running shop
-- safe: refunds.commission: new; '0' in the rows that are there
-- safe: account_entries.party_id: the index goes, once the one that takes its place is built
-- safe: account_entries: new: an index, built beside the running shop

set local lock_timeout = '3s';

alter table invoices add column "commission_rate" numeric(16,4);

alter table invoices add column "commission" numeric(16,4) not null default '0';

alter table refunds add column "commission" numeric(16,4) not null default '0';

alter table invoices add constraint invoices_commission_rate_bounds check ("commission_rate" between 0 and 100) not valid;

alter table invoices add constraint invoices_commission_bounds check ("commission" between 0 and 999999999999.9999) not valid;

alter table refunds add constraint refunds_commission_bounds check ("commission" between 0 and 999999999999.9999) not valid;

-- Who owes what since when, and who earned what, as views: computed when asked, so never behind. Days are those of the branch of
-- each document.

create view customer_ageing as
select c.id, c.created_at, c.id as customer_id, c.branch_id,
  coalesce(o.to_0, 0)::numeric(16,4) as current,
  coalesce(o.to_30, 0)::numeric(16,4) as days_1_30,
  coalesce(o.to_60, 0)::numeric(16,4) as days_31_60,
  coalesce(o.to_90, 0)::numeric(16,4) as days_61_90,
  coalesce(o.older, 0)::numeric(16,4) as over_90,
  (coalesce(b.balance, 0) - coalesce(o.open, 0))::numeric(16,4) as unallocated,
  coalesce(b.balance, 0)::numeric(16,4) as balance
from customers c left join account_balances b on b.party_id = c.id
  left join (
    select i.customer_id, sum(i.balance) as open,
      sum(i.balance) filter (where d.today - i.business_date <= 0) as to_0,
      sum(i.balance) filter (where d.today - i.business_date between 1 and 30) as to_30,
      sum(i.balance) filter (where d.today - i.business_date between 31 and 60) as to_60,
      sum(i.balance) filter (where d.today - i.business_date between 61 and 90) as to_90,
      sum(i.balance) filter (where d.today - i.business_date > 90) as older
    from invoices i join (select id, (now() at time zone timezone)::date as today from branches) d on d.id = i.branch_id
    where i.status in ('issued', 'partial')
    group by i.customer_id) o on o.customer_id = c.id
where coalesce(b.balance, 0) <> 0 or o.open <> 0;

-- Payments to vendors are of no receipt: they pay the oldest, so what is owed is of the newest. The sums run from the newest to the
-- oldest, and what is owed reaches as far as it goes.
create view vendor_ageing as
select v.id, v.created_at, v.id as vendor_id, v.branch_id,
  least(r.owed, r.to_0)::numeric(16,4) as current,
  (least(r.owed, r.to_30) - least(r.owed, r.to_0))::numeric(16,4) as days_1_30,
  (least(r.owed, r.to_60) - least(r.owed, r.to_30))::numeric(16,4) as days_31_60,
  (least(r.owed, r.to_90) - least(r.owed, r.to_60))::numeric(16,4) as days_61_90,
  (least(r.owed, r.whole) - least(r.owed, r.to_90))::numeric(16,4) as over_90,
  (r.balance - least(r.owed, r.whole))::numeric(16,4) as unallocated,
  r.balance::numeric(16,4) as balance
from (
  select b.party_id, b.balance, greatest(b.balance, 0) as owed, coalesce(g.to_0, 0) as to_0, coalesce(g.to_30, 0) as to_30,
    coalesce(g.to_60, 0) as to_60, coalesce(g.to_90, 0) as to_90, coalesce(g.whole, 0) as whole
  from account_balances b left join (
    select s.vendor_id, sum(s.total) as whole,
      sum(s.total) filter (where d.today - s.business_date <= 0) as to_0,
      sum(s.total) filter (where d.today - s.business_date <= 30) as to_30,
      sum(s.total) filter (where d.today - s.business_date <= 60) as to_60,
      sum(s.total) filter (where d.today - s.business_date <= 90) as to_90
    from stock_receipts s join (select id, (now() at time zone timezone)::date as today from branches) d on d.id = s.branch_id
    group by s.vendor_id) g on g.vendor_id = b.party_id
  where b.balance <> 0) r
  join vendors v on v.id = r.party_id;

create view commission_entries as
select i.id, i.created_at, 'sale'::text as kind, i.branch_id, i.salesman_id, i.id as invoice_id, i.invoice_no as document, i.business_date,
  (i.total - i.tax)::numeric(16,4) as net, i.commission_rate, i.commission
from invoices i where i.salesman_id is not null and i.series_no is not null
union all
select r.id, r.created_at, 'refund'::text, r.branch_id, i.salesman_id, i.id, r.refund_no, r.business_date,
  (r.tax - r.amount)::numeric(16,4), i.commission_rate, (-r.commission)::numeric(16,4)
from refunds r join invoices i on i.id = r.invoice_id where i.salesman_id is not null
union all
select v.id, v.created_at, 'void'::text, v.branch_id, i.salesman_id, i.id, i.invoice_no, v.business_date,
  (i.tax - i.total)::numeric(16,4), i.commission_rate, (-i.commission)::numeric(16,4)
from invoice_voids v join invoices i on i.id = v.invoice_id where i.salesman_id is not null;
