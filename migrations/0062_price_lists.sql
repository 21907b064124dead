-- safe: price_lists: a new table
-- safe: price_list_items: a new table
-- safe: invoice_items.offer_price: new; null in the rows that are there
-- safe: invoice_items.price_list_id: new; null in the rows that are there
-- safe: invoice_items.price_source: wider bounds: check ("price_source" in ('list', 'price_list', 'barcode', 'override'))

set local lock_timeout = '3s';

alter table invoice_items drop constraint invoice_items_price_source_bounds;

create table price_lists (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "updated_at" timestamptz(3) not null default now(),
  "version" integer not null default 1,
  "name" text not null,
  "customer_id" uuid,
  "valid_from" date,
  "valid_to" date,
  "is_active" boolean not null default true,
  constraint price_lists_pkey primary key (id),
  constraint price_lists_name_bounds check (char_length("name") <= 100),
  constraint price_lists_name_key unique ("name"),
  constraint price_lists_customer_id_fkey foreign key ("customer_id") references customers (id),
  constraint price_lists_period_check check (valid_from is null or valid_to is null or valid_from <= valid_to)
);

create index price_lists_customer_id_idx on price_lists ("customer_id");

create index price_lists_search on price_lists using gin (("name") gin_trgm_ops);

create table price_list_items (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "updated_at" timestamptz(3) not null default now(),
  "version" integer not null default 1,
  "price_list_id" uuid not null,
  "product_id" uuid not null,
  "min_quantity" numeric(12,3) not null default 0,
  "price" numeric(16,4) not null,
  constraint price_list_items_pkey primary key (id),
  constraint price_list_items_price_list_id_fkey foreign key ("price_list_id") references price_lists (id),
  constraint price_list_items_product_id_fkey foreign key ("product_id") references products (id),
  constraint price_list_items_min_quantity_bounds check ("min_quantity" between 0 and 999999999),
  constraint price_list_items_price_bounds check ("price" between 0 and 999999999999.9999),
  constraint price_list_items_price_list_id_product_id_min_quantity_key unique ("price_list_id", "product_id", "min_quantity")
);

create index price_list_items_product_id_idx on price_list_items ("product_id");

create index price_list_items_created_at_sort on price_list_items ("created_at", id);

alter table invoice_items add column "offer_price" numeric(16,4);

alter table invoice_items add column "price_list_id" uuid;

alter table invoice_items add constraint invoice_items_offer_price_bounds check ("offer_price" between -999999999999.9999 and 999999999999.9999) not valid;

alter table invoice_items add constraint invoice_items_price_list_id_fkey foreign key ("price_list_id") references price_lists (id) not valid;

alter table invoice_items add constraint invoice_items_price_source_bounds check ("price_source" in ('list', 'price_list', 'barcode', 'override')) not valid;
