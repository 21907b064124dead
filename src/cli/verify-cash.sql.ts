// Invariants of the drawer. Written apart from src/services/cash, so that the two can disagree.

/** What a movement adds to the drawer. */
const EFFECT = `case kind when 'paid_in' then amount when 'no_sale' then 0 else -amount end`

/** Every figure that a closing froze, against what the ledgers say of its shift. */
export const drawers = () => `
  with money as (
    select p.shift_id, case when m.is_cash then 'cash' else p.method end as method,
      sum(case p.direction when 'in' then p.amount else -p.amount end) as amount
    from (select shift_id, method, direction, amount from payments where order_id is null
      union all select shift_id, method, direction, amount from order_payments) p
      join payment_methods m on m.code = p.method where p.shift_id is not null group by 1, 2
  ), due as (
    select c.id, 'cash' as method, s.float + coalesce((select amount from money m where m.shift_id = s.id and method = 'cash'), 0)
      + coalesce((select sum(${EFFECT}) from cash_movements m where m.shift_id = s.id), 0) as amount
    from shift_closings c join shifts s on s.id = c.shift_id
    union all
    select c.id, m.method, m.amount from shift_closings c join money m using (shift_id) where m.method <> 'cash'
  ), stated as (
    select c.id, e.key as method, e.value::numeric as amount from shift_closings c, jsonb_each_text(c.expected) e
  ), counted as (
    select c.id, e.key as method, e.value::numeric as amount from shift_closings c, jsonb_each_text(c.counted) e
  ), differing as (
    select c.id, e.key as method, e.value::numeric as amount from shift_closings c, jsonb_each_text(c.difference) e
  ), sold as (
    select shift_id, count(*) as n, sum(total) as total from invoices where status <> 'cancelled' group by 1
  )
  select distinct 'closing ' || c.number as id from shift_closings c join (
    select coalesce(d.id, s.id) as id from due d full join stated s on s.id = d.id and s.method = d.method
      where d.amount is distinct from s.amount
    union all
    select coalesce(c.id, d.id) from counted c full join differing d on d.id = c.id and d.method = c.method
      left join stated s on s.id = c.id and s.method = c.method
      where d.amount is distinct from c.amount - coalesce(s.amount, 0)
    union all
    select c.id from shift_closings c left join sold s using (shift_id)
      where (c.content -> 'sales' ->> 'count', (c.content -> 'sales' ->> 'total')::numeric)
        is distinct from (coalesce(s.n, 0)::text, coalesce(s.total, 0))
  ) wrong using (id)
  union all
  select 'shift ' || s.id from shifts s left join shift_closings c on c.shift_id = s.id
  where (s.status = 'closed') <> (c.id is not null) or c.register_id <> s.register_id or c.created_at <> s.closed_at`

/** Z numbers: a gap, a double and a wrong order each show at the number that follows. */
export const closings = () => `
  select 'closing ' || number as id
  from (select number, series_no, created_at, lag(series_no, 1, 0) over series as before, lag(created_at) over series as created_before
    from shift_closings window series as (partition by register_id order by series_no)) c
  where series_no <> before + 1 or created_at < created_before or number not like '%-Z' || lpad(series_no::text, greatest(6, length(series_no::text)), '0')
  union all
  select 'register ' || r.id from registers r
    left join document_series n on n.owner_id = r.id and n.kind = 'closing'
    left join (select register_id, max(series_no) as last from shift_closings group by 1) c on c.register_id = r.id
  where n.last_no is distinct from c.last`

/** What a shift counts is of its register, and a sale and the money taken with it are in one. */
export const counted = () => `
  select 'invoice ' || i.invoice_no as id from invoices i join shifts s on s.id = i.shift_id where s.register_id <> i.register_id
  union all
  select 'payment ' || p.id from payments p join shifts s on s.id = p.shift_id where s.register_id <> p.register_id
  union all
  select 'advance ' || p.id from order_payments p join shifts s on s.id = p.shift_id where s.register_id <> p.register_id
  union all
  select 'payment ' || p.id from payments p join invoices i on i.id = p.invoice_id and i.issued_at = p.created_at
  where p.shift_id is distinct from i.shift_id
  union all
  select 'cash movement ' || m.id from cash_movements m join shifts s on s.id = m.shift_id where s.register_id <> m.register_id`

/** What a document took from a drawer is its amount; of one that was taken away nothing is left. */
export const spent = () => `
  with documents as (
    select id, 'expense' as name, case direction when 'reverse' then amount else -amount end as amount, shift_id from expenses
    union all
    select id, 'vendor payment', case direction when 'reverse' then amount else -amount end, shift_id from vendor_payments
  ), moved as (
    select document_id as id, sum(${EFFECT}) as amount, min(shift_id::text) as first, max(shift_id::text) as last
    from cash_movements where document_id is not null group by 1
  )
  select coalesce(d.name || ' ' || d.id, 'cash movements of ' || m.id) as id from documents d full join moved m using (id)
  where coalesce(m.amount, 0) <> case when d.shift_id is null then 0 else d.amount end
    or m.first <> m.last or (d.id is not null and m.first <> d.shift_id::text)`
