-- safe: stock_transfers: a new table
-- safe: stock_transfer_items: a new table
-- safe: stock_transfer_receipts: a new table
-- safe: stock_transfer_receipt_items: a new table
-- safe: stock_counts: a new table
-- safe: stock_count_lines: a new table
-- safe: stock_count_closings: a new table
-- safe: stock_count_closing_items: a new table

set local lock_timeout = '3s';

create table stock_transfers (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "updated_at" timestamptz(3) not null default now(),
  "version" integer not null default 1,
  "number" text not null,
  "from_branch_id" uuid not null,
  "to_branch_id" uuid not null,
  "business_date" date not null,
  "status" text not null default 'sent',
  "note" text,
  "created_by" uuid,
  constraint stock_transfers_pkey primary key (id),
  constraint stock_transfers_number_bounds check (char_length("number") <= 30),
  constraint stock_transfers_number_key unique ("number"),
  constraint stock_transfers_from_branch_id_fkey foreign key ("from_branch_id") references branches (id),
  constraint stock_transfers_to_branch_id_fkey foreign key ("to_branch_id") references branches (id),
  constraint stock_transfers_status_bounds check ("status" in ('sent', 'received')),
  constraint stock_transfers_note_bounds check (char_length("note") <= 1000),
  constraint stock_transfers_created_by_fkey foreign key ("created_by") references users (id),
  constraint stock_transfers_branches_check check (from_branch_id <> to_branch_id)
);

create index stock_transfers_from_branch_id_idx on stock_transfers ("from_branch_id");

create index stock_transfers_to_branch_id_idx on stock_transfers ("to_branch_id");

create index stock_transfers_business_date_idx on stock_transfers ("business_date");

create index stock_transfers_created_at_sort on stock_transfers ("created_at", id);

create index stock_transfers_search on stock_transfers using gin (("number") gin_trgm_ops);

create table stock_transfer_items (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "transfer_id" uuid not null,
  "from_branch_id" uuid not null,
  "to_branch_id" uuid not null,
  "line_no" integer not null,
  "product_id" uuid not null,
  "name" text not null,
  "sku" text not null,
  "quantity" numeric(12,3) not null,
  "unit_cost" numeric(16,4) not null,
  "batch" text,
  "expiry" date,
  "location" text,
  constraint stock_transfer_items_pkey primary key (id),
  constraint stock_transfer_items_transfer_id_fkey foreign key ("transfer_id") references stock_transfers (id),
  constraint stock_transfer_items_from_branch_id_fkey foreign key ("from_branch_id") references branches (id),
  constraint stock_transfer_items_to_branch_id_fkey foreign key ("to_branch_id") references branches (id),
  constraint stock_transfer_items_product_id_fkey foreign key ("product_id") references products (id),
  constraint stock_transfer_items_name_bounds check (char_length("name") <= 150),
  constraint stock_transfer_items_sku_bounds check (char_length("sku") <= 50),
  constraint stock_transfer_items_quantity_bounds check ("quantity" between 0 and 999999999),
  constraint stock_transfer_items_unit_cost_bounds check ("unit_cost" between 0 and 999999999999.9999),
  constraint stock_transfer_items_batch_bounds check (char_length("batch") <= 100),
  constraint stock_transfer_items_location_bounds check (char_length("location") <= 100),
  constraint stock_transfer_items_transfer_id_line_no_key unique ("transfer_id", "line_no"),
  constraint stock_transfer_items_quantity_check check (quantity > 0)
);

create index stock_transfer_items_from_branch_id_idx on stock_transfer_items ("from_branch_id");

create index stock_transfer_items_to_branch_id_idx on stock_transfer_items ("to_branch_id");

create index stock_transfer_items_product_id_idx on stock_transfer_items ("product_id");

create table stock_transfer_receipts (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "transfer_id" uuid not null,
  "from_branch_id" uuid not null,
  "to_branch_id" uuid not null,
  "business_date" date not null,
  "note" text,
  "created_by" uuid,
  constraint stock_transfer_receipts_pkey primary key (id),
  constraint stock_transfer_receipts_transfer_id_fkey foreign key ("transfer_id") references stock_transfers (id),
  constraint stock_transfer_receipts_transfer_id_key unique ("transfer_id"),
  constraint stock_transfer_receipts_from_branch_id_fkey foreign key ("from_branch_id") references branches (id),
  constraint stock_transfer_receipts_to_branch_id_fkey foreign key ("to_branch_id") references branches (id),
  constraint stock_transfer_receipts_note_bounds check (char_length("note") <= 1000),
  constraint stock_transfer_receipts_created_by_fkey foreign key ("created_by") references users (id)
);

create index stock_transfer_receipts_from_branch_id_idx on stock_transfer_receipts ("from_branch_id");

create index stock_transfer_receipts_to_branch_id_idx on stock_transfer_receipts ("to_branch_id");

create index stock_transfer_receipts_business_date_idx on stock_transfer_receipts ("business_date");

create index stock_transfer_receipts_created_at_sort on stock_transfer_receipts ("created_at", id);

create table stock_transfer_receipt_items (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "receipt_id" uuid not null,
  "from_branch_id" uuid not null,
  "to_branch_id" uuid not null,
  "line_no" integer not null,
  "item_id" uuid not null,
  "product_id" uuid not null,
  "sent" numeric(12,3) not null,
  "quantity" numeric(12,3) not null,
  "difference" numeric(12,3) not null,
  "unit_cost" numeric(16,4) not null,
  constraint stock_transfer_receipt_items_pkey primary key (id),
  constraint stock_transfer_receipt_items_receipt_id_fkey foreign key ("receipt_id") references stock_transfer_receipts (id),
  constraint stock_transfer_receipt_items_from_branch_id_fkey foreign key ("from_branch_id") references branches (id),
  constraint stock_transfer_receipt_items_to_branch_id_fkey foreign key ("to_branch_id") references branches (id),
  constraint stock_transfer_receipt_items_item_id_fkey foreign key ("item_id") references stock_transfer_items (id),
  constraint stock_transfer_receipt_items_item_id_key unique ("item_id"),
  constraint stock_transfer_receipt_items_product_id_fkey foreign key ("product_id") references products (id),
  constraint stock_transfer_receipt_items_sent_bounds check ("sent" between 0 and 999999999),
  constraint stock_transfer_receipt_items_quantity_bounds check ("quantity" between 0 and 999999999),
  constraint stock_transfer_receipt_items_difference_bounds check ("difference" between -999999999 and 999999999),
  constraint stock_transfer_receipt_items_unit_cost_bounds check ("unit_cost" between 0 and 999999999999.9999),
  constraint stock_transfer_receipt_items_receipt_id_line_no_key unique ("receipt_id", "line_no"),
  constraint stock_transfer_receipt_items_difference_check check (difference = quantity - sent)
);

create index stock_transfer_receipt_items_from_branch_id_idx on stock_transfer_receipt_items ("from_branch_id");

create index stock_transfer_receipt_items_to_branch_id_idx on stock_transfer_receipt_items ("to_branch_id");

create index stock_transfer_receipt_items_product_id_idx on stock_transfer_receipt_items ("product_id");

create table stock_counts (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "updated_at" timestamptz(3) not null default now(),
  "version" integer not null default 1,
  "number" text not null,
  "branch_id" uuid not null,
  "cut_off" timestamptz(3),
  "business_date" date not null,
  "status" text not null default 'open',
  "note" text,
  "created_by" uuid,
  constraint stock_counts_pkey primary key (id),
  constraint stock_counts_number_bounds check (char_length("number") <= 30),
  constraint stock_counts_number_key unique ("number"),
  constraint stock_counts_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint stock_counts_status_bounds check ("status" in ('open', 'closed')),
  constraint stock_counts_note_bounds check (char_length("note") <= 1000),
  constraint stock_counts_created_by_fkey foreign key ("created_by") references users (id),
  constraint stock_counts_cut_off_check check (cut_off is not null)
);

create index stock_counts_branch_id_idx on stock_counts ("branch_id");

create index stock_counts_business_date_idx on stock_counts ("business_date");

create unique index stock_counts_open_key on stock_counts ("branch_id") where status = 'open';

create index stock_counts_created_at_sort on stock_counts ("created_at", id);

create index stock_counts_search on stock_counts using gin (("number") gin_trgm_ops);

create table stock_count_lines (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "count_id" uuid not null,
  "branch_id" uuid not null,
  "product_id" uuid,
  "counted" numeric(12,3) not null,
  "counted_at" timestamptz(3),
  "expected" numeric(12,3) not null,
  "location" text,
  "created_by" uuid,
  constraint stock_count_lines_pkey primary key (id),
  constraint stock_count_lines_count_id_fkey foreign key ("count_id") references stock_counts (id),
  constraint stock_count_lines_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint stock_count_lines_product_id_fkey foreign key ("product_id") references products (id),
  constraint stock_count_lines_counted_bounds check ("counted" between 0 and 999999999),
  constraint stock_count_lines_expected_bounds check ("expected" between -999999999 and 999999999),
  constraint stock_count_lines_location_bounds check (char_length("location") <= 100),
  constraint stock_count_lines_created_by_fkey foreign key ("created_by") references users (id),
  constraint stock_count_lines_stated_check check (product_id is not null and counted_at is not null)
);

create index stock_count_lines_count_id_idx on stock_count_lines ("count_id");

create index stock_count_lines_product_id_idx on stock_count_lines ("product_id");

create index stock_count_lines_created_at_sort on stock_count_lines ("created_at", id);

create table stock_count_closings (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "count_id" uuid not null,
  "branch_id" uuid not null,
  "business_date" date not null,
  "value" numeric(16,4) not null,
  "note" text,
  "created_by" uuid,
  constraint stock_count_closings_pkey primary key (id),
  constraint stock_count_closings_count_id_fkey foreign key ("count_id") references stock_counts (id),
  constraint stock_count_closings_count_id_key unique ("count_id"),
  constraint stock_count_closings_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint stock_count_closings_value_bounds check ("value" between -999999999999.9999 and 999999999999.9999),
  constraint stock_count_closings_note_bounds check (char_length("note") <= 1000),
  constraint stock_count_closings_created_by_fkey foreign key ("created_by") references users (id)
);

create index stock_count_closings_branch_id_idx on stock_count_closings ("branch_id");

create index stock_count_closings_business_date_idx on stock_count_closings ("business_date");

create index stock_count_closings_created_at_sort on stock_count_closings ("created_at", id);

create table stock_count_closing_items (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "closing_id" uuid not null,
  "branch_id" uuid not null,
  "line_no" integer not null,
  "product_id" uuid not null,
  "counted" numeric(12,3) not null,
  "expected" numeric(12,3) not null,
  "difference" numeric(12,3) not null,
  "unit_cost" numeric(16,4) not null,
  "value" numeric(16,4) not null,
  constraint stock_count_closing_items_pkey primary key (id),
  constraint stock_count_closing_items_closing_id_fkey foreign key ("closing_id") references stock_count_closings (id),
  constraint stock_count_closing_items_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint stock_count_closing_items_product_id_fkey foreign key ("product_id") references products (id),
  constraint stock_count_closing_items_counted_bounds check ("counted" between 0 and 999999999),
  constraint stock_count_closing_items_expected_bounds check ("expected" between -999999999 and 999999999),
  constraint stock_count_closing_items_difference_bounds check ("difference" between -999999999 and 999999999),
  constraint stock_count_closing_items_unit_cost_bounds check ("unit_cost" between 0 and 999999999999.9999),
  constraint stock_count_closing_items_value_bounds check ("value" between -999999999999.9999 and 999999999999.9999),
  constraint stock_count_closing_items_closing_id_line_no_key unique ("closing_id", "line_no"),
  constraint stock_count_closing_items_difference_check check (difference = counted - expected)
);

create index stock_count_closing_items_product_id_idx on stock_count_closing_items ("product_id");

-- Documents of the ledgers: written once. Of a transfer and of a count the status changes.
create trigger stock_transfer_items_append_only before update or delete on stock_transfer_items for each row execute function regal_append_only();
create trigger stock_transfer_receipts_append_only before update or delete on stock_transfer_receipts for each row execute function regal_append_only();
create trigger stock_transfer_receipt_items_append_only before update or delete on stock_transfer_receipt_items for each row execute function regal_append_only();
create trigger stock_count_lines_append_only before update or delete on stock_count_lines for each row execute function regal_append_only();
create trigger stock_count_closings_append_only before update or delete on stock_count_closings for each row execute function regal_append_only();
create trigger stock_count_closing_items_append_only before update or delete on stock_count_closing_items for each row execute function regal_append_only();
