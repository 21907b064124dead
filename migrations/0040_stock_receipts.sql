-- safe: stock_receipts: a new table
-- safe: stock_receipt_items: a new table
-- safe: stock_returns: a new table
-- safe: stock_return_items: a new table

set local lock_timeout = '3s';

create table stock_receipts (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "number" text not null,
  "vendor_id" uuid not null,
  "branch_id" uuid not null,
  "date" date not null,
  "business_date" date not null,
  "total" numeric(16,4) not null,
  "note" text,
  "created_by" uuid,
  constraint stock_receipts_pkey primary key (id),
  constraint stock_receipts_number_bounds check (char_length("number") <= 30),
  constraint stock_receipts_number_key unique ("number"),
  constraint stock_receipts_vendor_id_fkey foreign key ("vendor_id") references vendors (id),
  constraint stock_receipts_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint stock_receipts_total_bounds check ("total" between -999999999999.9999 and 999999999999.9999),
  constraint stock_receipts_note_bounds check (char_length("note") <= 1000),
  constraint stock_receipts_created_by_fkey foreign key ("created_by") references users (id),
  constraint stock_receipts_total_check check (total >= 0)
);

create index stock_receipts_vendor_id_idx on stock_receipts ("vendor_id");

create index stock_receipts_branch_id_idx on stock_receipts ("branch_id");

create index stock_receipts_business_date_idx on stock_receipts ("business_date");

create index stock_receipts_created_at_sort on stock_receipts ("created_at", id);

create index stock_receipts_search on stock_receipts using gin (("number") gin_trgm_ops);

create table stock_receipt_items (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "receipt_id" uuid not null,
  "branch_id" uuid not null,
  "line_no" integer not null,
  "product_id" uuid not null,
  "name" text not null,
  "sku" text not null,
  "quantity" numeric(12,3) not null,
  "unit_cost" numeric(16,4) not null,
  "batch" text,
  "expiry" date,
  "location" text,
  "unit_price" numeric(16,4),
  "total" numeric(16,4) not null,
  constraint stock_receipt_items_pkey primary key (id),
  constraint stock_receipt_items_receipt_id_fkey foreign key ("receipt_id") references stock_receipts (id),
  constraint stock_receipt_items_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint stock_receipt_items_product_id_fkey foreign key ("product_id") references products (id),
  constraint stock_receipt_items_name_bounds check (char_length("name") <= 150),
  constraint stock_receipt_items_sku_bounds check (char_length("sku") <= 50),
  constraint stock_receipt_items_quantity_bounds check ("quantity" between 0 and 999999999),
  constraint stock_receipt_items_unit_cost_bounds check ("unit_cost" between 0 and 999999999999.9999),
  constraint stock_receipt_items_batch_bounds check (char_length("batch") <= 100),
  constraint stock_receipt_items_location_bounds check (char_length("location") <= 100),
  constraint stock_receipt_items_unit_price_bounds check ("unit_price" between 0 and 999999999999.9999),
  constraint stock_receipt_items_total_bounds check ("total" between -999999999999.9999 and 999999999999.9999),
  constraint stock_receipt_items_receipt_id_line_no_key unique ("receipt_id", "line_no"),
  constraint stock_receipt_items_quantity_check check (quantity > 0)
);

create index stock_receipt_items_product_id_idx on stock_receipt_items ("product_id");

create table stock_returns (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "number" text not null,
  "vendor_id" uuid not null,
  "branch_id" uuid not null,
  "date" date not null,
  "business_date" date not null,
  "total" numeric(16,4) not null,
  "note" text,
  "created_by" uuid,
  constraint stock_returns_pkey primary key (id),
  constraint stock_returns_number_bounds check (char_length("number") <= 30),
  constraint stock_returns_number_key unique ("number"),
  constraint stock_returns_vendor_id_fkey foreign key ("vendor_id") references vendors (id),
  constraint stock_returns_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint stock_returns_total_bounds check ("total" between -999999999999.9999 and 999999999999.9999),
  constraint stock_returns_note_bounds check (char_length("note") <= 1000),
  constraint stock_returns_created_by_fkey foreign key ("created_by") references users (id),
  constraint stock_returns_total_check check (total >= 0)
);

create index stock_returns_vendor_id_idx on stock_returns ("vendor_id");

create index stock_returns_branch_id_idx on stock_returns ("branch_id");

create index stock_returns_business_date_idx on stock_returns ("business_date");

create index stock_returns_created_at_sort on stock_returns ("created_at", id);

create index stock_returns_search on stock_returns using gin (("number") gin_trgm_ops);

create table stock_return_items (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "return_id" uuid not null,
  "branch_id" uuid not null,
  "line_no" integer not null,
  "product_id" uuid not null,
  "name" text not null,
  "sku" text not null,
  "quantity" numeric(12,3) not null,
  "unit_cost" numeric(16,4) not null,
  "batch" text,
  "expiry" date,
  "location" text,
  "total" numeric(16,4) not null,
  constraint stock_return_items_pkey primary key (id),
  constraint stock_return_items_return_id_fkey foreign key ("return_id") references stock_returns (id),
  constraint stock_return_items_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint stock_return_items_product_id_fkey foreign key ("product_id") references products (id),
  constraint stock_return_items_name_bounds check (char_length("name") <= 150),
  constraint stock_return_items_sku_bounds check (char_length("sku") <= 50),
  constraint stock_return_items_quantity_bounds check ("quantity" between 0 and 999999999),
  constraint stock_return_items_unit_cost_bounds check ("unit_cost" between 0 and 999999999999.9999),
  constraint stock_return_items_batch_bounds check (char_length("batch") <= 100),
  constraint stock_return_items_location_bounds check (char_length("location") <= 100),
  constraint stock_return_items_total_bounds check ("total" between -999999999999.9999 and 999999999999.9999),
  constraint stock_return_items_return_id_line_no_key unique ("return_id", "line_no"),
  constraint stock_return_items_quantity_check check (quantity > 0)
);

create index stock_return_items_product_id_idx on stock_return_items ("product_id");

-- Documents of the ledgers: written once.
create trigger stock_receipts_append_only before update or delete on stock_receipts for each row execute function regal_append_only();
create trigger stock_receipt_items_append_only before update or delete on stock_receipt_items for each row execute function regal_append_only();
create trigger stock_returns_append_only before update or delete on stock_returns for each row execute function regal_append_only();
create trigger stock_return_items_append_only before update or delete on stock_return_items for each row execute function regal_append_only();
