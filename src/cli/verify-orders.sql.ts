/** What is kept of a level is the sum of its ledger, entry by entry, and nothing is kept for an order that ended. */
export const reservations = () => `
  select 'product ' || product_id || ' branch ' || branch_id as id
  from stock_levels l full join (select product_id, branch_id, sum(quantity) as kept from stock_reservations group by 1, 2) r
    using (product_id, branch_id)
  where coalesce(l.reserved, 0) <> coalesce(r.kept, 0)
  union all
  select 'order ' || o.order_no || ' product ' || r.product_id
  from (select order_id, product_id, sum(quantity) as kept from stock_reservations group by 1, 2) r
    join custom_orders o on o.id = r.order_id
  where r.kept < 0 or (r.kept <> 0 and o.status in ('delivered', 'cancelled'))
  union all
  select 'delivery of order ' || o.order_no || ' product ' || product_id
  from (select order_id, product_id, sum(quantity) as taken from stock_reservations where reason = 'delivered' group by 1, 2) r
    full join (select c.order_id, e.product_id, sum(e.qty) as taken
      from stock_entries e join order_closings c on c.id = e.document_id group by 1, 2) e using (order_id, product_id)
    join custom_orders o on o.id = order_id
  where r.taken is distinct from e.taken`

/** Orders are their lines and their advances; each that ended has its one closing, and the delivered ones their invoice. */
export const orders = () => `
  with line as (
    select order_id as id, sum(total) as total, sum(tax) as tax, sum(discount + document_discount) as discount,
      sum(document_discount) as discounts from custom_order_items group by 1
  ), advance as (
    select order_id as id, method, sum(case direction when 'in' then amount else -amount end) as amount
    from order_payments group by 1, 2
  ), paid as (select id, sum(amount) as amount, min(amount) as least from advance group by 1
  ), taken as (
    select p.order_id as id, p.method, sum(p.amount) as amount from payments p where p.order_id is not null group by 1, 2
  )
  select 'order ' || o.order_no as id
  from custom_orders o left join line l on l.id = o.id left join paid p on p.id = o.id
    left join order_closings c on c.order_id = o.id left join invoices i on i.id = o.linked_invoice
  where (o.total, o.tax, o.discount, o.discounts) is distinct from (l.total, l.tax, l.discount, l.discounts)
    or o.total <> o.subtotal - o.discount + case when o.prices_include_tax then 0 else o.tax end
    or o.total <> o.paid + o.balance or o.paid <> coalesce(p.amount, 0) - coalesce(c.credited, 0) or p.least < 0
    or coalesce(c.outcome, 'open') <> case when o.status in ('delivered', 'cancelled') then o.status else 'open' end
    or o.linked_invoice is distinct from c.invoice_id
    or (o.status = 'delivered' and (i.total, i.customer_id, i.branch_id) is distinct from (o.total, o.customer_id, o.branch_id))
    or (o.status = 'cancelled' and o.paid <> 0)
  union all
  select 'advances of order ' || coalesce(o.order_no, t.id::text)
  from custom_orders o left join advance a on a.id = o.id and o.status = 'delivered' and a.amount <> 0
    full join taken t on t.id = o.id and t.method = a.method
  where a.amount is distinct from t.amount
  union all
  select 'quotation ' || q.quotation_no from quotations q left join custom_orders o on o.quotation_id = q.id
    left join (select quotation_id as id, sum(total) as total from quotation_items group by 1) l on l.id = q.id
  where (q.status = 'converted') <> (o.id is not null) or q.total is distinct from l.total`
