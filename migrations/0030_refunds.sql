-- safe: settings.key: wider bounds: check ("key" in ('discount_limit_percent', 'refund_limit'))
-- safe: invoices.refunded: new; '0' in the rows that are there
-- safe: invoices.credited: new; '0' in the rows that are there
-- safe: invoices: now check (total = paid + balance + credited and balance >= 0 and paid >= 0 and credited >= 0); the rows are read without stopping anybody
-- safe: invoices: new: check (refunded >= 0 and refunded <= paid + credited); the rows are read without stopping anybody
-- safe: refunds: a new table
-- safe: refund_items: a new table
-- safe: payments.refund_id: new; null in the rows that are there

set local lock_timeout = '3s';

select regal_at_most(0, (select count(*) as n from (select o."id" as "id", o."created_at" as "created_at", o."updated_at" as "updated_at", o."version" as "version", o."invoice_no" as "invoice_no", o."series_no" as "series_no", o."branch_id" as "branch_id", o."register_id" as "register_id", o."shift_id" as "shift_id", o."late" as "late", o."customer_id" as "customer_id", o."salesman_id" as "salesman_id", o."business_date" as "business_date", o."status" as "status", o."prices_include_tax" as "prices_include_tax", o."tax_rounding" as "tax_rounding", o."subtotal" as "subtotal", o."discount" as "discount", o."tax" as "tax", o."total" as "total", o."paid" as "paid", o."change" as "change", o."balance" as "balance", ('0')::numeric(16,4) as "refunded", ('0')::numeric(16,4) as "credited", o."discounts" as "discounts", o."taxes" as "taxes", o."warnings" as "warnings", o."notes" as "notes", o."print_count" as "print_count", o."issued_at" as "issued_at", o."created_by" as "created_by" from invoices o) f where not coalesce((total = paid + balance + credited and balance >= 0 and paid >= 0 and credited >= 0), true)), 'invoices', 'rows break the new rule');

select regal_at_most(0, (select count(*) as n from (select o."id" as "id", o."created_at" as "created_at", o."updated_at" as "updated_at", o."version" as "version", o."invoice_no" as "invoice_no", o."series_no" as "series_no", o."branch_id" as "branch_id", o."register_id" as "register_id", o."shift_id" as "shift_id", o."late" as "late", o."customer_id" as "customer_id", o."salesman_id" as "salesman_id", o."business_date" as "business_date", o."status" as "status", o."prices_include_tax" as "prices_include_tax", o."tax_rounding" as "tax_rounding", o."subtotal" as "subtotal", o."discount" as "discount", o."tax" as "tax", o."total" as "total", o."paid" as "paid", o."change" as "change", o."balance" as "balance", ('0')::numeric(16,4) as "refunded", ('0')::numeric(16,4) as "credited", o."discounts" as "discounts", o."taxes" as "taxes", o."warnings" as "warnings", o."notes" as "notes", o."print_count" as "print_count", o."issued_at" as "issued_at", o."created_by" as "created_by" from invoices o) f where not coalesce((refunded >= 0 and refunded <= paid + credited), true)), 'invoices', 'rows break the new rule');

alter table settings drop constraint settings_key_bounds;

alter table invoices drop constraint invoices_totals_check;

create table refunds (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "refund_no" text not null,
  "series_no" integer not null,
  "invoice_id" uuid not null,
  "customer_id" uuid,
  "branch_id" uuid not null,
  "register_id" uuid,
  "business_date" date not null,
  "amount" numeric(16,4) not null,
  "tax" numeric(16,4) not null,
  "credited" numeric(16,4) not null,
  "paid_out" numeric(16,4) not null,
  "method" text,
  "reason" text not null,
  "processed_by" uuid,
  constraint refunds_pkey primary key (id),
  constraint refunds_refund_no_bounds check (char_length("refund_no") <= 30),
  constraint refunds_refund_no_key unique ("refund_no"),
  constraint refunds_invoice_id_fkey foreign key ("invoice_id") references invoices (id),
  constraint refunds_customer_id_fkey foreign key ("customer_id") references customers (id),
  constraint refunds_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint refunds_register_id_fkey foreign key ("register_id") references registers (id),
  constraint refunds_amount_bounds check ("amount" between -999999999999.9999 and 999999999999.9999),
  constraint refunds_tax_bounds check ("tax" between -999999999999.9999 and 999999999999.9999),
  constraint refunds_credited_bounds check ("credited" between -999999999999.9999 and 999999999999.9999),
  constraint refunds_paid_out_bounds check ("paid_out" between -999999999999.9999 and 999999999999.9999),
  constraint refunds_method_bounds check (char_length("method") <= 30),
  constraint refunds_reason_bounds check (char_length("reason") <= 300),
  constraint refunds_processed_by_fkey foreign key ("processed_by") references users (id),
  constraint refunds_register_id_series_no_key unique ("register_id", "series_no"),
  constraint refunds_amount_check check (amount = credited + paid_out and credited >= 0 and paid_out >= 0)
);

create index refunds_invoice_id_idx on refunds ("invoice_id");

create index refunds_customer_id_idx on refunds ("customer_id");

create index refunds_branch_id_idx on refunds ("branch_id");

create index refunds_business_date_idx on refunds ("business_date");

create index refunds_created_at_sort on refunds ("created_at", id);

create index refunds_search on refunds using gin (("refund_no") gin_trgm_ops);

create table refund_items (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "refund_id" uuid not null,
  "invoice_item_id" uuid not null,
  "branch_id" uuid not null,
  "business_date" date not null,
  "line_no" integer not null,
  "product_id" uuid not null,
  "name" text not null,
  "sku" text not null,
  "quantity" numeric(12,3) not null,
  "condition" text not null,
  "amount" numeric(16,4) not null,
  "tax" numeric(16,4) not null,
  "unit_cost" numeric(16,4) not null,
  constraint refund_items_pkey primary key (id),
  constraint refund_items_refund_id_fkey foreign key ("refund_id") references refunds (id),
  constraint refund_items_invoice_item_id_fkey foreign key ("invoice_item_id") references invoice_items (id),
  constraint refund_items_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint refund_items_product_id_fkey foreign key ("product_id") references products (id),
  constraint refund_items_name_bounds check (char_length("name") <= 150),
  constraint refund_items_sku_bounds check (char_length("sku") <= 50),
  constraint refund_items_quantity_bounds check ("quantity" between 0 and 999999999),
  constraint refund_items_condition_bounds check ("condition" in ('restock', 'damaged')),
  constraint refund_items_amount_bounds check ("amount" between -999999999999.9999 and 999999999999.9999),
  constraint refund_items_tax_bounds check ("tax" between -999999999999.9999 and 999999999999.9999),
  constraint refund_items_unit_cost_bounds check ("unit_cost" between -999999999999.9999 and 999999999999.9999),
  constraint refund_items_quantity_check check (quantity > 0 and amount >= 0 and tax >= 0)
);

create index refund_items_refund_id_idx on refund_items ("refund_id");

create index refund_items_invoice_item_id_idx on refund_items ("invoice_item_id");

create index refund_items_product_id_idx on refund_items ("product_id");

create index refund_items_line_no_sort on refund_items ("line_no", id);

alter table invoices add column "refunded" numeric(16,4) not null default '0';

alter table invoices add column "credited" numeric(16,4) not null default '0';

alter table payments add column "refund_id" uuid;

alter table settings add constraint settings_key_bounds check ("key" in ('discount_limit_percent', 'refund_limit')) not valid;

alter table invoices add constraint invoices_refunded_bounds check ("refunded" between -999999999999.9999 and 999999999999.9999) not valid;

alter table invoices add constraint invoices_credited_bounds check ("credited" between -999999999999.9999 and 999999999999.9999) not valid;

alter table invoices add constraint invoices_totals_check check (total = paid + balance + credited and balance >= 0 and paid >= 0 and credited >= 0) not valid;

alter table invoices add constraint invoices_refunds_check check (refunded >= 0 and refunded <= paid + credited) not valid;

alter table payments add constraint payments_refund_id_fkey foreign key ("refund_id") references refunds (id) not valid;

create trigger refunds_append_only before update or delete on refunds for each row execute function regal_append_only();

create trigger refund_items_append_only before update or delete on refund_items for each row execute function regal_append_only();
