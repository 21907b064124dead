-- What to restock and what to buy, as views: computed when asked, so never behind. They name few columns, as a column that a
-- view reads is not dropped or retyped without it; what else there is to a product is included ($include=product).

create view restock_levels as
select l.id, l.created_at, l.product_id, l.branch_id, l.on_hand, p.limited_qty, p.limited_qty - l.on_hand as deficit,
  coalesce((select sum(greatest(w.on_hand, 0)) from stock_levels w join branches b on b.id = w.branch_id
    where w.product_id = l.product_id and b.is_warehouse and b.is_active), 0) as warehouse_on_hand,
  least(p.limited_qty - l.on_hand, coalesce((select sum(greatest(w.on_hand, 0)) from stock_levels w join branches b on b.id = w.branch_id
    where w.product_id = l.product_id and b.is_warehouse and b.is_active), 0)) as coverable
from stock_levels l join products p on p.id = l.product_id join branches b on b.id = l.branch_id
where p.limited_qty > 0 and p.is_active and b.is_active and not b.is_warehouse and l.on_hand < p.limited_qty;

create view urgent_buys as
select d.id, d.created_at, d.id as product_id, d.branch_id, d.deficit, d.warehouse_on_hand, d.deficit - d.warehouse_on_hand as to_buy
from (
  select p.id, p.created_at, p.branch_id,
    sum(p.limited_qty - l.on_hand) filter (where not b.is_warehouse and l.on_hand < p.limited_qty) as deficit,
    coalesce(sum(greatest(l.on_hand, 0)) filter (where b.is_warehouse), 0) as warehouse_on_hand
  from products p join stock_levels l on l.product_id = p.id join branches b on b.id = l.branch_id
  where p.limited_qty > 0 and p.is_active and b.is_active
  group by p.id) d
where d.deficit > d.warehouse_on_hand;
