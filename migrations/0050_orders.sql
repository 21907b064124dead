-- safe: products.kind: new; 'goods' in the rows that are there
-- safe: order_options: a new table
-- safe: ideal_prices: a new table
-- safe: quotations: a new table
-- safe: quotation_items: a new table
-- safe: custom_orders: a new table
-- safe: custom_order_items: a new table
-- safe: order_closings: a new table
-- safe: order_payments: a new table
-- safe: payments.order_id: new; null in the rows that are there

set local lock_timeout = '3s';

create table order_options (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "updated_at" timestamptz(3) not null default now(),
  "version" integer not null default 1,
  "category_id" uuid not null,
  "product_id" uuid not null,
  "groups" jsonb not null,
  "is_active" boolean not null default true,
  constraint order_options_pkey primary key (id),
  constraint order_options_category_id_fkey foreign key ("category_id") references categories (id),
  constraint order_options_category_id_key unique ("category_id"),
  constraint order_options_product_id_fkey foreign key ("product_id") references products (id)
);

create index order_options_product_id_idx on order_options ("product_id");

create index order_options_created_at_sort on order_options ("created_at", id);

create table ideal_prices (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "updated_at" timestamptz(3) not null default now(),
  "version" integer not null default 1,
  "category_id" uuid not null,
  "combination" text not null,
  "min_quantity" numeric(12,3) not null default 1,
  "price" numeric(16,4) not null,
  constraint ideal_prices_pkey primary key (id),
  constraint ideal_prices_category_id_fkey foreign key ("category_id") references categories (id),
  constraint ideal_prices_combination_bounds check (char_length("combination") <= 2000),
  constraint ideal_prices_min_quantity_bounds check ("min_quantity" between 0 and 999999999),
  constraint ideal_prices_price_bounds check ("price" between 0 and 999999999999.9999),
  constraint ideal_prices_category_id_combination_min_quantity_key unique ("category_id", "combination", "min_quantity"),
  constraint ideal_prices_min_quantity_check check (min_quantity > 0)
);

create index ideal_prices_search on ideal_prices using gin (("combination") gin_trgm_ops);

create table quotations (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "updated_at" timestamptz(3) not null default now(),
  "version" integer not null default 1,
  "quotation_no" text not null,
  "series_no" integer not null,
  "status" text not null default 'draft',
  "valid_until" date not null,
  "branch_id" uuid not null,
  "customer_id" uuid not null,
  "salesman_id" uuid,
  "team_name" text,
  "required_by" date,
  "rush_surcharge" numeric(16,4) not null default '0',
  "prices_include_tax" boolean not null,
  "tax_rounding" text not null,
  "subtotal" numeric(16,4) not null,
  "discount" numeric(16,4) not null,
  "tax" numeric(16,4) not null,
  "total" numeric(16,4) not null,
  "discounts" numeric(16,4) not null default '0',
  "taxes" jsonb not null,
  "notes" text,
  "business_date" date not null,
  "created_by" uuid,
  constraint quotations_pkey primary key (id),
  constraint quotations_quotation_no_bounds check (char_length("quotation_no") <= 30),
  constraint quotations_quotation_no_key unique ("quotation_no"),
  constraint quotations_status_bounds check ("status" in ('draft', 'sent', 'approved', 'rejected', 'converted')),
  constraint quotations_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint quotations_customer_id_fkey foreign key ("customer_id") references customers (id),
  constraint quotations_salesman_id_fkey foreign key ("salesman_id") references salesmen (id),
  constraint quotations_team_name_bounds check (char_length("team_name") <= 150),
  constraint quotations_rush_surcharge_bounds check ("rush_surcharge" between 0 and 999999999999.9999),
  constraint quotations_tax_rounding_bounds check ("tax_rounding" in ('line', 'document')),
  constraint quotations_subtotal_bounds check ("subtotal" between -999999999999.9999 and 999999999999.9999),
  constraint quotations_discount_bounds check ("discount" between -999999999999.9999 and 999999999999.9999),
  constraint quotations_tax_bounds check ("tax" between -999999999999.9999 and 999999999999.9999),
  constraint quotations_total_bounds check ("total" between -999999999999.9999 and 999999999999.9999),
  constraint quotations_discounts_bounds check ("discounts" between 0 and 999999999999.9999),
  constraint quotations_notes_bounds check (char_length("notes") <= 1000),
  constraint quotations_created_by_fkey foreign key ("created_by") references users (id),
  constraint quotations_branch_id_series_no_key unique ("branch_id", "series_no")
);

create index quotations_customer_id_idx on quotations ("customer_id");

create index quotations_salesman_id_idx on quotations ("salesman_id");

create index quotations_business_date_idx on quotations ("business_date");

create index quotations_created_at_sort on quotations ("created_at", id);

create index quotations_search on quotations using gin (("quotation_no" || ' ' || coalesce("team_name", '')) gin_trgm_ops);

create table quotation_items (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "quotation_id" uuid not null,
  "branch_id" uuid not null,
  "line_no" integer not null,
  "category_id" uuid not null,
  "product_id" uuid not null,
  "name" text not null,
  "options" jsonb not null,
  "quantity" numeric(12,3) not null,
  "price" numeric(16,4) not null,
  "unit_price" numeric(16,4) not null,
  "discount" numeric(16,4) not null,
  "document_discount" numeric(16,4) not null,
  "tax_rate" numeric(16,4) not null,
  "tax" numeric(16,4) not null,
  "total" numeric(16,4) not null,
  "notes" text,
  constraint quotation_items_pkey primary key (id),
  constraint quotation_items_quotation_id_fkey foreign key ("quotation_id") references quotations (id),
  constraint quotation_items_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint quotation_items_category_id_fkey foreign key ("category_id") references categories (id),
  constraint quotation_items_product_id_fkey foreign key ("product_id") references products (id),
  constraint quotation_items_name_bounds check (char_length("name") <= 150),
  constraint quotation_items_quantity_bounds check ("quantity" between 0 and 999999999),
  constraint quotation_items_price_bounds check ("price" between -999999999999.9999 and 999999999999.9999),
  constraint quotation_items_unit_price_bounds check ("unit_price" between -999999999999.9999 and 999999999999.9999),
  constraint quotation_items_discount_bounds check ("discount" between -999999999999.9999 and 999999999999.9999),
  constraint quotation_items_document_discount_bounds check ("document_discount" between -999999999999.9999 and 999999999999.9999),
  constraint quotation_items_tax_rate_bounds check ("tax_rate" between 0 and 100),
  constraint quotation_items_tax_bounds check ("tax" between -999999999999.9999 and 999999999999.9999),
  constraint quotation_items_total_bounds check ("total" between -999999999999.9999 and 999999999999.9999),
  constraint quotation_items_notes_bounds check (char_length("notes") <= 500),
  constraint quotation_items_quotation_id_line_no_key unique ("quotation_id", "line_no")
);

create index quotation_items_category_id_idx on quotation_items ("category_id");

create table custom_orders (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "updated_at" timestamptz(3) not null default now(),
  "version" integer not null default 1,
  "order_no" text not null,
  "series_no" integer not null,
  "status" text not null default 'pending',
  "quotation_id" uuid,
  "branch_id" uuid not null,
  "customer_id" uuid not null,
  "salesman_id" uuid,
  "team_name" text,
  "required_by" date,
  "rush_surcharge" numeric(16,4) not null default '0',
  "prices_include_tax" boolean not null,
  "tax_rounding" text not null,
  "subtotal" numeric(16,4) not null,
  "discount" numeric(16,4) not null,
  "tax" numeric(16,4) not null,
  "total" numeric(16,4) not null,
  "discounts" numeric(16,4) not null default '0',
  "taxes" jsonb not null,
  "notes" text,
  "business_date" date not null,
  "created_by" uuid,
  "paid" numeric(16,4) not null,
  "balance" numeric(16,4) not null,
  "linked_invoice" uuid,
  constraint custom_orders_pkey primary key (id),
  constraint custom_orders_order_no_bounds check (char_length("order_no") <= 30),
  constraint custom_orders_order_no_key unique ("order_no"),
  constraint custom_orders_status_bounds check ("status" in ('pending', 'in_progress', 'completed', 'delivered', 'cancelled')),
  constraint custom_orders_quotation_id_fkey foreign key ("quotation_id") references quotations (id),
  constraint custom_orders_quotation_id_key unique ("quotation_id"),
  constraint custom_orders_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint custom_orders_customer_id_fkey foreign key ("customer_id") references customers (id),
  constraint custom_orders_salesman_id_fkey foreign key ("salesman_id") references salesmen (id),
  constraint custom_orders_team_name_bounds check (char_length("team_name") <= 150),
  constraint custom_orders_rush_surcharge_bounds check ("rush_surcharge" between 0 and 999999999999.9999),
  constraint custom_orders_tax_rounding_bounds check ("tax_rounding" in ('line', 'document')),
  constraint custom_orders_subtotal_bounds check ("subtotal" between -999999999999.9999 and 999999999999.9999),
  constraint custom_orders_discount_bounds check ("discount" between -999999999999.9999 and 999999999999.9999),
  constraint custom_orders_tax_bounds check ("tax" between -999999999999.9999 and 999999999999.9999),
  constraint custom_orders_total_bounds check ("total" between -999999999999.9999 and 999999999999.9999),
  constraint custom_orders_discounts_bounds check ("discounts" between 0 and 999999999999.9999),
  constraint custom_orders_notes_bounds check (char_length("notes") <= 1000),
  constraint custom_orders_created_by_fkey foreign key ("created_by") references users (id),
  constraint custom_orders_paid_bounds check ("paid" between -999999999999.9999 and 999999999999.9999),
  constraint custom_orders_balance_bounds check ("balance" between -999999999999.9999 and 999999999999.9999),
  constraint custom_orders_linked_invoice_fkey foreign key ("linked_invoice") references invoices (id),
  constraint custom_orders_linked_invoice_key unique ("linked_invoice"),
  constraint custom_orders_branch_id_series_no_key unique ("branch_id", "series_no"),
  constraint custom_orders_totals_check check (total = paid + balance and balance >= 0 and paid >= 0),
  constraint custom_orders_delivered_check check ((status = 'delivered') = (linked_invoice is not null))
);

create index custom_orders_customer_id_idx on custom_orders ("customer_id");

create index custom_orders_salesman_id_idx on custom_orders ("salesman_id");

create index custom_orders_business_date_idx on custom_orders ("business_date");

create index custom_orders_created_at_sort on custom_orders ("created_at", id);

create index custom_orders_search on custom_orders using gin (("order_no" || ' ' || coalesce("team_name", '')) gin_trgm_ops);

create table custom_order_items (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "order_id" uuid not null,
  "branch_id" uuid not null,
  "line_no" integer not null,
  "category_id" uuid not null,
  "product_id" uuid not null,
  "name" text not null,
  "options" jsonb not null,
  "quantity" numeric(12,3) not null,
  "price" numeric(16,4) not null,
  "unit_price" numeric(16,4) not null,
  "discount" numeric(16,4) not null,
  "document_discount" numeric(16,4) not null,
  "tax_rate" numeric(16,4) not null,
  "tax" numeric(16,4) not null,
  "total" numeric(16,4) not null,
  "notes" text,
  constraint custom_order_items_pkey primary key (id),
  constraint custom_order_items_order_id_fkey foreign key ("order_id") references custom_orders (id),
  constraint custom_order_items_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint custom_order_items_category_id_fkey foreign key ("category_id") references categories (id),
  constraint custom_order_items_product_id_fkey foreign key ("product_id") references products (id),
  constraint custom_order_items_name_bounds check (char_length("name") <= 150),
  constraint custom_order_items_quantity_bounds check ("quantity" between 0 and 999999999),
  constraint custom_order_items_price_bounds check ("price" between -999999999999.9999 and 999999999999.9999),
  constraint custom_order_items_unit_price_bounds check ("unit_price" between -999999999999.9999 and 999999999999.9999),
  constraint custom_order_items_discount_bounds check ("discount" between -999999999999.9999 and 999999999999.9999),
  constraint custom_order_items_document_discount_bounds check ("document_discount" between -999999999999.9999 and 999999999999.9999),
  constraint custom_order_items_tax_rate_bounds check ("tax_rate" between 0 and 100),
  constraint custom_order_items_tax_bounds check ("tax" between -999999999999.9999 and 999999999999.9999),
  constraint custom_order_items_total_bounds check ("total" between -999999999999.9999 and 999999999999.9999),
  constraint custom_order_items_notes_bounds check (char_length("notes") <= 500),
  constraint custom_order_items_order_id_line_no_key unique ("order_id", "line_no")
);

create index custom_order_items_category_id_idx on custom_order_items ("category_id");

create table order_closings (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "order_id" uuid not null,
  "outcome" text not null,
  "reason" text,
  "advance" text,
  "register_id" uuid,
  "branch_id" uuid not null,
  "invoice_id" uuid,
  "refunded" numeric(16,4) not null,
  "credited" numeric(16,4) not null,
  "business_date" date not null,
  "created_by" uuid,
  constraint order_closings_pkey primary key (id),
  constraint order_closings_order_id_fkey foreign key ("order_id") references custom_orders (id),
  constraint order_closings_order_id_key unique ("order_id"),
  constraint order_closings_outcome_bounds check ("outcome" in ('delivered', 'cancelled')),
  constraint order_closings_reason_bounds check (char_length("reason") <= 500),
  constraint order_closings_advance_bounds check ("advance" in ('refund', 'credit')),
  constraint order_closings_register_id_fkey foreign key ("register_id") references registers (id),
  constraint order_closings_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint order_closings_invoice_id_fkey foreign key ("invoice_id") references invoices (id),
  constraint order_closings_invoice_id_key unique ("invoice_id"),
  constraint order_closings_refunded_bounds check ("refunded" between -999999999999.9999 and 999999999999.9999),
  constraint order_closings_credited_bounds check ("credited" between -999999999999.9999 and 999999999999.9999),
  constraint order_closings_created_by_fkey foreign key ("created_by") references users (id),
  constraint order_closings_invoice_check check ((outcome = 'delivered') = (invoice_id is not null)),
  constraint order_closings_reason_check check (outcome = 'delivered' or reason is not null)
);

create index order_closings_branch_id_idx on order_closings ("branch_id");

create index order_closings_created_at_sort on order_closings ("created_at", id);

create table order_payments (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "order_id" uuid not null,
  "customer_id" uuid not null,
  "branch_id" uuid not null,
  "register_id" uuid,
  "shift_id" uuid,
  "direction" text not null default 'in',
  "method" text not null,
  "amount" numeric(16,4) not null,
  "reference" text,
  "closing_id" uuid,
  "business_date" date not null,
  "created_by" uuid,
  constraint order_payments_pkey primary key (id),
  constraint order_payments_order_id_fkey foreign key ("order_id") references custom_orders (id),
  constraint order_payments_customer_id_fkey foreign key ("customer_id") references customers (id),
  constraint order_payments_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint order_payments_register_id_fkey foreign key ("register_id") references registers (id),
  constraint order_payments_shift_id_fkey foreign key ("shift_id") references shifts (id),
  constraint order_payments_direction_bounds check ("direction" in ('in', 'out')),
  constraint order_payments_method_bounds check (char_length("method") <= 30),
  constraint order_payments_amount_bounds check ("amount" between 0 and 999999999999.9999),
  constraint order_payments_reference_bounds check (char_length("reference") <= 100),
  constraint order_payments_closing_id_fkey foreign key ("closing_id") references order_closings (id),
  constraint order_payments_created_by_fkey foreign key ("created_by") references users (id),
  constraint order_payments_amount_check check (amount > 0)
);

create index order_payments_order_id_idx on order_payments ("order_id");

create index order_payments_customer_id_idx on order_payments ("customer_id");

create index order_payments_register_id_idx on order_payments ("register_id");

create index order_payments_business_date_idx on order_payments ("business_date");

create index order_payments_shift_idx on order_payments ("shift_id", "created_at");

create index order_payments_created_at_sort on order_payments ("created_at", id);

alter table products add column "kind" text not null default 'goods';

alter table payments add column "order_id" uuid;

alter table products add constraint products_kind_bounds check ("kind" in ('goods', 'service')) not valid;

alter table payments add constraint payments_order_id_fkey foreign key ("order_id") references custom_orders (id) not valid;

alter table order_payments add constraint order_payments_method_fkey foreign key (method) references payment_methods (code);

-- Money and endings are never changed; an advance taken while no shift was open is given to the next one, once.
create trigger order_payments_append_only before delete on order_payments for each row execute function regal_append_only();
create trigger order_payments_fixed before update on order_payments for each row
  when (old.shift_id is not null or new.shift_id is null or to_jsonb(old) - 'shift_id' is distinct from to_jsonb(new) - 'shift_id')
  execute function regal_append_only();
create trigger order_closings_append_only before update or delete on order_closings for each row execute function regal_append_only();
