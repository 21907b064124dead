-- safe: settings.key: wider bounds: check ("key" in ('discount_limit_percent', 'refund_limit', 'blind_count', 'embedded_barcodes'))
-- safe: products.article_no: new: an index, built beside the running shop
-- safe: barcodes: a new table
-- safe: approvals: a new table
-- safe: invoices.approved_by: new; null in the rows that are there
-- safe: invoice_items.barcode: new; null in the rows that are there
-- safe: invoice_items.price_source: wider bounds: check ("price_source" in ('list', 'barcode', 'override'))

set local lock_timeout = '3s';

alter table settings drop constraint settings_key_bounds;

alter table invoice_items drop constraint invoice_items_price_source_bounds;

create table barcodes (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "code" text not null,
  "branch_id" uuid not null,
  "created_by" uuid,
  constraint barcodes_pkey primary key (id),
  constraint barcodes_code_bounds check (char_length("code") <= 13),
  constraint barcodes_code_key unique ("code"),
  constraint barcodes_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint barcodes_created_by_fkey foreign key ("created_by") references users (id)
);

create index barcodes_branch_id_idx on barcodes ("branch_id");

create index barcodes_created_at_sort on barcodes ("created_at", id);

create index barcodes_search on barcodes using gin (("code") gin_trgm_ops);

create table approvals (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "action" text not null,
  "document_id" uuid not null,
  "amount" numeric(16,4) not null,
  "branch_id" uuid not null,
  "session_id" uuid not null,
  "approved_by" uuid not null,
  "created_by" uuid not null,
  "used_at" timestamptz(3),
  constraint approvals_pkey primary key (id),
  constraint approvals_action_bounds check ("action" in ('discount', 'override', 'refund')),
  constraint approvals_amount_bounds check ("amount" between 0 and 999999999999.9999),
  constraint approvals_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint approvals_approved_by_fkey foreign key ("approved_by") references users (id),
  constraint approvals_created_by_fkey foreign key ("created_by") references users (id)
);

create index approvals_branch_id_idx on approvals ("branch_id");

create index approvals_created_at_sort on approvals ("created_at", id);

alter table invoices add column "approved_by" uuid;

alter table invoice_items add column "barcode" text;

alter table settings add constraint settings_key_bounds check ("key" in ('discount_limit_percent', 'refund_limit', 'blind_count', 'embedded_barcodes')) not valid;

alter table invoices add constraint invoices_approved_by_fkey foreign key ("approved_by") references users (id) not valid;

alter table invoice_items add constraint invoice_items_price_source_bounds check ("price_source" in ('list', 'barcode', 'override')) not valid;

alter table invoice_items add constraint invoice_items_barcode_bounds check (char_length("barcode") <= 50) not valid;

-- The next number behind each prefix of barcodes that the shop gives out. Numbers only go up; one that is skipped stays so.
create table barcode_series (
  prefix text not null,
  next_no bigint not null,
  constraint barcode_series_pkey primary key (prefix),
  constraint barcode_series_next_no_check check (next_no >= 0)
);
