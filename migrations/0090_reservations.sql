-- safe: stock_levels.reserved: new; 0 in the rows that are there
-- safe: stock_reservations: a new table

set local lock_timeout = '3s';

create table stock_reservations (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "order_id" uuid not null,
  "product_id" uuid not null,
  "branch_id" uuid not null,
  "quantity" numeric(12,3) not null,
  "reserved_after" numeric(12,3) not null,
  "reason" text not null,
  "created_by" uuid,
  constraint stock_reservations_pkey primary key (id),
  constraint stock_reservations_order_id_fkey foreign key ("order_id") references custom_orders (id),
  constraint stock_reservations_product_id_fkey foreign key ("product_id") references products (id),
  constraint stock_reservations_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint stock_reservations_quantity_bounds check ("quantity" between -999999999 and 999999999),
  constraint stock_reservations_reserved_after_bounds check ("reserved_after" between 0 and 999999999),
  constraint stock_reservations_reason_bounds check ("reason" in ('reserved', 'released', 'delivered', 'cancelled')),
  constraint stock_reservations_created_by_fkey foreign key ("created_by") references users (id),
  constraint stock_reservations_quantity_check check (quantity <> 0 and (quantity > 0) = (reason = 'reserved'))
);

create index stock_reservations_order_id_idx on stock_reservations ("order_id");

create index stock_reservations_product_id_idx on stock_reservations ("product_id");

create index stock_reservations_branch_id_idx on stock_reservations ("branch_id");

create index stock_reservations_created_at_sort on stock_reservations ("created_at", id);

alter table stock_levels add column "reserved" numeric(12,3) not null default 0;

alter table stock_levels add constraint stock_levels_reserved_bounds check ("reserved" between 0 and 999999999) not valid;

create trigger stock_reservations_append_only before update or delete on stock_reservations for each row execute function regal_append_only();

-- What is kept for orders restocks no shelf, and covers no shop's deficit.
create or replace view restock_levels as
select l.id, l.created_at, l.product_id, l.branch_id, l.on_hand, p.limited_qty, p.limited_qty - (l.on_hand - l.reserved) as deficit,
  w.free as warehouse_on_hand, least(p.limited_qty - (l.on_hand - l.reserved), w.free) as coverable
from stock_levels l join products p on p.id = l.product_id join branches b on b.id = l.branch_id
  cross join lateral (select coalesce(sum(greatest(o.on_hand - o.reserved, 0)), 0) as free
    from stock_levels o join branches h on h.id = o.branch_id
    where o.product_id = l.product_id and h.is_warehouse and h.is_active) w
where p.limited_qty > 0 and p.is_active and b.is_active and not b.is_warehouse and l.on_hand - l.reserved < p.limited_qty;

create or replace view urgent_buys as
select d.id, d.created_at, d.id as product_id, d.branch_id, d.deficit, d.warehouse_on_hand, d.deficit - d.warehouse_on_hand as to_buy
from (
  select p.id, p.created_at, p.branch_id,
    sum(p.limited_qty - (l.on_hand - l.reserved)) filter (where not b.is_warehouse and l.on_hand - l.reserved < p.limited_qty) as deficit,
    coalesce(sum(greatest(l.on_hand - l.reserved, 0)) filter (where b.is_warehouse), 0) as warehouse_on_hand
  from products p join stock_levels l on l.product_id = p.id join branches b on b.id = l.branch_id
  where p.limited_qty > 0 and p.is_active and b.is_active
  group by p.id) d
where d.deficit > d.warehouse_on_hand;
