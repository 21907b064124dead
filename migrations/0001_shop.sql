-- The shop's tables as the definitions in src/schemas say, and beside them what no resource is: number series,
-- balances, the audit log's partitions. `npm test` compares the tables with the definitions, column by column.

-- Refuses a write from inside a statement, by a word of the error catalogue.
create function regal_refuse(reason text, detail text default null) returns boolean language plpgsql volatile as $$
begin
  raise exception using errcode = 'RG001', message = reason, detail = coalesce(detail, '');
end $$;

-- branches
create table branches (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  name text not null,
  code text not null,
  address text,
  phone text,
  timezone text not null default 'UTC',
  currency text not null,
  is_warehouse boolean not null default false,
  prices_include_tax boolean not null default false,
  tax_rounding text not null default 'line',
  stock_policy text not null default 'block',
  barcode_prefix text,
  receipt_header text,
  receipt_footer text,
  is_active boolean not null default true,
  constraint branches_pkey primary key (id),
  constraint branches_name_bounds check (char_length(name) <= 100),
  constraint branches_code_bounds check (char_length(code) <= 6),
  constraint branches_code_key unique (code),
  constraint branches_address_bounds check (char_length(address) <= 500),
  constraint branches_phone_bounds check (char_length(phone) <= 40),
  constraint branches_timezone_bounds check (char_length(timezone) <= 60),
  constraint branches_currency_bounds check (char_length(currency) <= 3),
  constraint branches_tax_rounding_bounds check (tax_rounding in ('line', 'document')),
  constraint branches_stock_policy_bounds check (stock_policy in ('block', 'warn', 'allow')),
  constraint branches_barcode_prefix_bounds check (char_length(barcode_prefix) <= 7),
  constraint branches_receipt_header_bounds check (char_length(receipt_header) <= 500),
  constraint branches_receipt_footer_bounds check (char_length(receipt_footer) <= 500)
);
create index branches_created_at_sort on branches (created_at, id);

-- registers
create table registers (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  branch_id uuid not null,
  code text not null,
  name text,
  is_active boolean not null default true,
  constraint registers_pkey primary key (id),
  constraint registers_branch_id_fkey foreign key (branch_id) references branches (id),
  constraint registers_code_bounds check (char_length(code) <= 6),
  constraint registers_name_bounds check (char_length(name) <= 100),
  constraint registers_branch_id_code_key unique (branch_id, code)
);
create index registers_created_at_sort on registers (created_at, id);

-- roles
create table roles (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  name text not null,
  permissions jsonb not null default '[]'::jsonb,
  is_builtin boolean not null default false,
  constraint roles_pkey primary key (id),
  constraint roles_name_bounds check (char_length(name) <= 40)
);
create unique index roles_name_key on roles (lower(name));
create index roles_name_sort on roles (name, id);

-- users
create table users (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  full_name text not null,
  email text not null,
  username text not null,
  password_hash text not null,
  pin_hash text,
  role_id uuid not null,
  branch_id uuid,
  is_active boolean not null default true,
  phone text,
  national_id text,
  address text,
  meta jsonb,
  last_login_at timestamptz(3),
  constraint users_pkey primary key (id),
  constraint users_full_name_bounds check (char_length(full_name) <= 100),
  constraint users_email_bounds check (char_length(email) <= 254),
  constraint users_username_bounds check (char_length(username) <= 30),
  constraint users_password_hash_bounds check (char_length(password_hash) <= 200),
  constraint users_pin_hash_bounds check (char_length(pin_hash) <= 200),
  constraint users_role_id_fkey foreign key (role_id) references roles (id),
  constraint users_branch_id_fkey foreign key (branch_id) references branches (id),
  constraint users_phone_bounds check (char_length(phone) <= 40),
  constraint users_national_id_bounds check (char_length(national_id) <= 40),
  constraint users_address_bounds check (char_length(address) <= 500)
);
create unique index users_email_key on users (lower(email));
create unique index users_username_key on users (lower(username));
create index users_role_id_idx on users (role_id);
create index users_branch_id_idx on users (branch_id);
create index users_full_name_sort on users (full_name, id);

-- sessions
create table sessions (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  user_id uuid not null,
  device text,
  ip text,
  last_used_at timestamptz(3) not null,
  ended_at timestamptz(3),
  end_reason text,
  constraint sessions_pkey primary key (id),
  constraint sessions_user_id_fkey foreign key (user_id) references users (id),
  constraint sessions_device_bounds check (char_length(device) <= 300),
  constraint sessions_ip_bounds check (char_length(ip) <= 60),
  constraint sessions_end_reason_bounds check (char_length(end_reason) <= 60)
);
create index sessions_user_id_idx on sessions (user_id);
create index sessions_created_at_sort on sessions (created_at, id);

-- settings
create table settings (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  branch_id uuid,
  key text not null,
  value jsonb not null,
  constraint settings_pkey primary key (id),
  constraint settings_branch_id_fkey foreign key (branch_id) references branches (id),
  constraint settings_key_bounds check (key in ('discount_limit_percent')),
  constraint settings_branch_id_key_key unique nulls not distinct (branch_id, key)
);
create index settings_created_at_sort on settings (created_at, id);

-- categories
create table categories (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  name text not null,
  parent_id uuid,
  constraint categories_pkey primary key (id),
  constraint categories_name_bounds check (char_length(name) <= 100),
  constraint categories_parent_id_fkey foreign key (parent_id) references categories (id),
  constraint categories_parent_check check (parent_id <> id)
);
create unique index categories_name_key on categories (lower(name));
create index categories_parent_id_idx on categories (parent_id);
create index categories_name_sort on categories (name, id);

-- brands
create table brands (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  name text not null,
  constraint brands_pkey primary key (id),
  constraint brands_name_bounds check (char_length(name) <= 100)
);
create unique index brands_name_key on brands (lower(name));
create index brands_name_sort on brands (name, id);

-- vendors
create table vendors (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  name text not null,
  contacts jsonb not null,
  is_active boolean not null default true,
  terms text,
  branch_id uuid,
  constraint vendors_pkey primary key (id),
  constraint vendors_name_bounds check (char_length(name) <= 150),
  constraint vendors_terms_bounds check (char_length(terms) <= 500),
  constraint vendors_branch_id_fkey foreign key (branch_id) references branches (id)
);
create index vendors_branch_id_idx on vendors (branch_id);
create index vendors_name_sort on vendors (name, id);

-- salesmen
create table salesmen (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  name text not null,
  code text not null,
  commission_rate numeric(16,4) not null default '0',
  phone text,
  address text,
  branch_id uuid,
  is_active boolean not null default true,
  constraint salesmen_pkey primary key (id),
  constraint salesmen_name_bounds check (char_length(name) <= 100),
  constraint salesmen_code_bounds check (char_length(code) <= 20),
  constraint salesmen_commission_rate_bounds check (commission_rate between 0 and 100),
  constraint salesmen_phone_bounds check (char_length(phone) <= 40),
  constraint salesmen_address_bounds check (char_length(address) <= 500),
  constraint salesmen_branch_id_fkey foreign key (branch_id) references branches (id)
);
create unique index salesmen_code_key on salesmen (lower(code));
create index salesmen_branch_id_idx on salesmen (branch_id);
create index salesmen_name_sort on salesmen (name, id);

-- customers
create table customers (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  name text not null,
  contacts jsonb not null,
  is_active boolean not null default true,
  national_id text,
  billing_addr text,
  shipping_addr text,
  credit_limit numeric(16,4) not null default '0',
  salesman_id uuid,
  branch_id uuid,
  constraint customers_pkey primary key (id),
  constraint customers_name_bounds check (char_length(name) <= 150),
  constraint customers_national_id_bounds check (char_length(national_id) <= 40),
  constraint customers_billing_addr_bounds check (char_length(billing_addr) <= 500),
  constraint customers_shipping_addr_bounds check (char_length(shipping_addr) <= 500),
  constraint customers_credit_limit_bounds check (credit_limit between 0 and 999999999999.9999),
  constraint customers_salesman_id_fkey foreign key (salesman_id) references salesmen (id),
  constraint customers_branch_id_fkey foreign key (branch_id) references branches (id)
);
create index customers_salesman_id_idx on customers (salesman_id);
create index customers_branch_id_idx on customers (branch_id);
create index customers_name_sort on customers (name, id);

-- products
create table products (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  sku text not null,
  name text not null,
  "desc" text,
  unit_price numeric(16,4) not null,
  cost_price numeric(16,4) not null,
  tax_rate numeric(16,4) not null default '0',
  discount numeric(16,4) not null default '0',
  barcode text,
  article_no text,
  vendor_id uuid,
  category_id uuid,
  brand_id uuid,
  branch_id uuid,
  brand_action text,
  attributes jsonb,
  limited_qty numeric(12,3) not null default 0,
  is_active boolean not null default true,
  constraint products_pkey primary key (id),
  constraint products_sku_bounds check (char_length(sku) <= 50),
  constraint products_sku_key unique (sku),
  constraint products_name_bounds check (char_length(name) <= 150),
  constraint products_desc_bounds check (char_length("desc") <= 2000),
  constraint products_unit_price_bounds check (unit_price between 0 and 999999999999.9999),
  constraint products_cost_price_bounds check (cost_price between 0 and 999999999999.9999),
  constraint products_tax_rate_bounds check (tax_rate between 0 and 100),
  constraint products_discount_bounds check (discount between 0 and 100),
  constraint products_barcode_bounds check (char_length(barcode) <= 50),
  constraint products_barcode_key unique (barcode),
  constraint products_article_no_bounds check (char_length(article_no) <= 50),
  constraint products_vendor_id_fkey foreign key (vendor_id) references vendors (id),
  constraint products_category_id_fkey foreign key (category_id) references categories (id),
  constraint products_brand_id_fkey foreign key (brand_id) references brands (id),
  constraint products_branch_id_fkey foreign key (branch_id) references branches (id),
  constraint products_brand_action_bounds check (char_length(brand_action) <= 200),
  constraint products_limited_qty_bounds check (limited_qty between 0 and 999999999)
);
create index products_vendor_id_idx on products (vendor_id);
create index products_category_id_idx on products (category_id);
create index products_brand_id_idx on products (brand_id);
create index products_branch_id_idx on products (branch_id);
create index products_created_at_sort on products (created_at, id);

-- stock-levels
create table stock_levels (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  product_id uuid not null,
  branch_id uuid not null,
  on_hand numeric(12,3) not null,
  average_cost numeric(16,4) not null,
  may_go_below_zero boolean not null,
  constraint stock_levels_pkey primary key (id),
  constraint stock_levels_product_id_fkey foreign key (product_id) references products (id),
  constraint stock_levels_branch_id_fkey foreign key (branch_id) references branches (id),
  constraint stock_levels_on_hand_bounds check (on_hand between -999999999 and 999999999),
  constraint stock_levels_average_cost_bounds check (average_cost between -999999999999.9999 and 999999999999.9999),
  constraint stock_levels_branch_id_product_id_key unique (branch_id, product_id),
  constraint stock_levels_on_hand_check check (on_hand >= 0 or may_go_below_zero)
);
create index stock_levels_product_id_idx on stock_levels (product_id);
create index stock_levels_created_at_sort on stock_levels (created_at, id);

-- stock-entries
create table stock_entries (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  product_id uuid not null,
  branch_id uuid not null,
  qty numeric(12,3) not null,
  type text not null,
  reason text,
  location text,
  batch text,
  expiry date,
  ref text,
  document_id uuid,
  unit_cost numeric(16,4),
  vendor_id uuid,
  balance_after numeric(12,3) not null,
  created_by uuid,
  constraint stock_entries_pkey primary key (id),
  constraint stock_entries_product_id_fkey foreign key (product_id) references products (id),
  constraint stock_entries_branch_id_fkey foreign key (branch_id) references branches (id),
  constraint stock_entries_qty_bounds check (qty between -999999999 and 999999999),
  constraint stock_entries_type_bounds check (type in ('IN', 'OUT', 'ADJUST')),
  constraint stock_entries_reason_bounds check (char_length(reason) <= 200),
  constraint stock_entries_location_bounds check (char_length(location) <= 100),
  constraint stock_entries_batch_bounds check (char_length(batch) <= 100),
  constraint stock_entries_ref_bounds check (char_length(ref) <= 100),
  constraint stock_entries_unit_cost_bounds check (unit_cost between 0 and 999999999999.9999),
  constraint stock_entries_vendor_id_fkey foreign key (vendor_id) references vendors (id),
  constraint stock_entries_balance_after_bounds check (balance_after between -999999999 and 999999999),
  constraint stock_entries_created_by_fkey foreign key (created_by) references users (id),
  constraint stock_entries_qty_check check (qty <> 0 and (type <> 'IN' or qty > 0) and (type <> 'OUT' or qty < 0)),
  constraint stock_entries_reason_check check (type <> 'ADJUST' or reason is not null)
);
create index stock_entries_product_id_idx on stock_entries (product_id);
create index stock_entries_branch_id_idx on stock_entries (branch_id);
create index stock_entries_document_id_idx on stock_entries (document_id);
create index stock_entries_vendor_id_idx on stock_entries (vendor_id);
create index stock_entries_created_at_sort on stock_entries (created_at, id);

-- payment-methods
create table payment_methods (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  code text not null,
  name text not null,
  is_cash boolean not null default false,
  is_active boolean not null default true,
  constraint payment_methods_pkey primary key (id),
  constraint payment_methods_code_bounds check (char_length(code) <= 30),
  constraint payment_methods_code_key unique (code),
  constraint payment_methods_name_bounds check (char_length(name) <= 60)
);

-- invoices
create table invoices (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  invoice_no text,
  series_no integer,
  branch_id uuid not null,
  register_id uuid,
  customer_id uuid,
  salesman_id uuid,
  business_date date not null,
  status text not null default 'issued',
  prices_include_tax boolean not null,
  tax_rounding text not null,
  subtotal numeric(16,4) not null,
  discount numeric(16,4) not null,
  tax numeric(16,4) not null,
  total numeric(16,4) not null,
  paid numeric(16,4) not null,
  change numeric(16,4) not null,
  balance numeric(16,4) not null,
  discounts numeric(16,4) not null default '0',
  taxes jsonb not null,
  warnings jsonb not null default '[]'::jsonb,
  notes text,
  print_count integer not null,
  issued_at timestamptz(3),
  created_by uuid,
  constraint invoices_pkey primary key (id),
  constraint invoices_invoice_no_bounds check (char_length(invoice_no) <= 30),
  constraint invoices_invoice_no_key unique (invoice_no),
  constraint invoices_branch_id_fkey foreign key (branch_id) references branches (id),
  constraint invoices_register_id_fkey foreign key (register_id) references registers (id),
  constraint invoices_customer_id_fkey foreign key (customer_id) references customers (id),
  constraint invoices_salesman_id_fkey foreign key (salesman_id) references salesmen (id),
  constraint invoices_status_bounds check (status in ('draft', 'issued', 'partial', 'paid', 'cancelled', 'refunded')),
  constraint invoices_tax_rounding_bounds check (tax_rounding in ('line', 'document')),
  constraint invoices_subtotal_bounds check (subtotal between -999999999999.9999 and 999999999999.9999),
  constraint invoices_discount_bounds check (discount between -999999999999.9999 and 999999999999.9999),
  constraint invoices_tax_bounds check (tax between -999999999999.9999 and 999999999999.9999),
  constraint invoices_total_bounds check (total between -999999999999.9999 and 999999999999.9999),
  constraint invoices_paid_bounds check (paid between -999999999999.9999 and 999999999999.9999),
  constraint invoices_change_bounds check (change between -999999999999.9999 and 999999999999.9999),
  constraint invoices_balance_bounds check (balance between -999999999999.9999 and 999999999999.9999),
  constraint invoices_discounts_bounds check (discounts between 0 and 999999999999.9999),
  constraint invoices_notes_bounds check (char_length(notes) <= 1000),
  constraint invoices_created_by_fkey foreign key (created_by) references users (id),
  constraint invoices_register_id_series_no_key unique (register_id, series_no),
  constraint invoices_totals_check check (total = paid + balance and balance >= 0 and paid >= 0),
  constraint invoices_number_check check ((status in ('draft', 'cancelled')) or (invoice_no is not null and series_no is not null))
);
create index invoices_branch_id_idx on invoices (branch_id);
create index invoices_customer_id_idx on invoices (customer_id);
create index invoices_salesman_id_idx on invoices (salesman_id);
create index invoices_business_date_idx on invoices (business_date);
create index invoices_created_at_sort on invoices (created_at, id);

-- invoice-items
create table invoice_items (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  invoice_id uuid not null,
  branch_id uuid not null,
  business_date date not null,
  line_no integer not null,
  product_id uuid not null,
  name text not null,
  sku text not null,
  quantity numeric(12,3) not null,
  unit_price numeric(16,4) not null,
  list_price numeric(16,4) not null,
  price_source text not null,
  unit_cost numeric(16,4) not null,
  discount numeric(16,4) not null,
  discount_source text not null,
  document_discount numeric(16,4) not null,
  tax_rate numeric(16,4) not null,
  tax numeric(16,4) not null,
  total numeric(16,4) not null,
  constraint invoice_items_pkey primary key (id),
  constraint invoice_items_invoice_id_fkey foreign key (invoice_id) references invoices (id),
  constraint invoice_items_branch_id_fkey foreign key (branch_id) references branches (id),
  constraint invoice_items_product_id_fkey foreign key (product_id) references products (id),
  constraint invoice_items_name_bounds check (char_length(name) <= 150),
  constraint invoice_items_sku_bounds check (char_length(sku) <= 50),
  constraint invoice_items_quantity_bounds check (quantity between 0 and 999999999),
  constraint invoice_items_unit_price_bounds check (unit_price between -999999999999.9999 and 999999999999.9999),
  constraint invoice_items_list_price_bounds check (list_price between -999999999999.9999 and 999999999999.9999),
  constraint invoice_items_price_source_bounds check (price_source in ('list', 'override')),
  constraint invoice_items_unit_cost_bounds check (unit_cost between -999999999999.9999 and 999999999999.9999),
  constraint invoice_items_discount_bounds check (discount between -999999999999.9999 and 999999999999.9999),
  constraint invoice_items_discount_source_bounds check (discount_source in ('product', 'given')),
  constraint invoice_items_document_discount_bounds check (document_discount between -999999999999.9999 and 999999999999.9999),
  constraint invoice_items_tax_rate_bounds check (tax_rate between 0 and 100),
  constraint invoice_items_tax_bounds check (tax between -999999999999.9999 and 999999999999.9999),
  constraint invoice_items_total_bounds check (total between -999999999999.9999 and 999999999999.9999),
  constraint invoice_items_invoice_id_line_no_key unique (invoice_id, line_no)
);
create index invoice_items_product_id_idx on invoice_items (product_id);

-- payments
create table payments (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  invoice_id uuid not null,
  customer_id uuid,
  branch_id uuid not null,
  register_id uuid not null,
  method text not null,
  amount numeric(16,4) not null,
  tendered numeric(16,4),
  change numeric(16,4) not null,
  direction text not null,
  reference text,
  business_date date not null,
  created_by uuid,
  constraint payments_pkey primary key (id),
  constraint payments_invoice_id_fkey foreign key (invoice_id) references invoices (id),
  constraint payments_customer_id_fkey foreign key (customer_id) references customers (id),
  constraint payments_branch_id_fkey foreign key (branch_id) references branches (id),
  constraint payments_register_id_fkey foreign key (register_id) references registers (id),
  constraint payments_method_bounds check (char_length(method) <= 30),
  constraint payments_amount_bounds check (amount between 0 and 999999999999.9999),
  constraint payments_tendered_bounds check (tendered between 0 and 999999999999.9999),
  constraint payments_change_bounds check (change between -999999999999.9999 and 999999999999.9999),
  constraint payments_direction_bounds check (direction in ('in', 'out')),
  constraint payments_reference_bounds check (char_length(reference) <= 100),
  constraint payments_created_by_fkey foreign key (created_by) references users (id),
  constraint payments_amount_check check (amount > 0),
  constraint payments_change_check check (change >= 0 and change = coalesce(tendered - amount, 0))
);
create index payments_invoice_id_idx on payments (invoice_id);
create index payments_customer_id_idx on payments (customer_id);
create index payments_branch_id_idx on payments (branch_id);
create index payments_created_at_sort on payments (created_at, id);

-- account-entries
create table account_entries (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  party_id uuid not null,
  party text not null,
  branch_id uuid not null,
  amount numeric(16,4) not null,
  balance_after numeric(16,4) not null,
  document text not null,
  document_id uuid not null,
  business_date date not null,
  created_by uuid,
  constraint account_entries_pkey primary key (id),
  constraint account_entries_party_bounds check (party in ('customer', 'vendor')),
  constraint account_entries_branch_id_fkey foreign key (branch_id) references branches (id),
  constraint account_entries_amount_bounds check (amount between -999999999999.9999 and 999999999999.9999),
  constraint account_entries_balance_after_bounds check (balance_after between -999999999999.9999 and 999999999999.9999),
  constraint account_entries_document_bounds check (char_length(document) <= 40),
  constraint account_entries_created_by_fkey foreign key (created_by) references users (id),
  constraint account_entries_amount_check check (amount <> 0)
);
create index account_entries_party_id_idx on account_entries (party_id);
create index account_entries_document_id_idx on account_entries (document_id);
create index account_entries_created_at_sort on account_entries (created_at, id);

alter table stock_levels alter column on_hand set default 0, alter column average_cost set default 0,
  alter column may_go_below_zero set default false;
alter table payments add constraint payments_method_fkey foreign key (method) references payment_methods (code);

-- audit-logs: partitioned by month, so that seven years can be kept and the eighth dropped without a delete.
create table audit_logs (
  id uuid not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  seq bigint generated always as identity,
  txid xid8 not null default pg_current_xact_id(),
  action text not null,
  resource text not null,
  record_id uuid not null,
  branch_id uuid,
  user_id uuid,
  session_id uuid,
  request_id text,
  fingerprint text,
  before jsonb,
  after jsonb,
  constraint audit_logs_pkey primary key (seq, created_at)
) partition by range (created_at);
create index audit_logs_record_id_idx on audit_logs (record_id);
create table audit_logs_other partition of audit_logs default;

-- Makes the partitions of the current and the next two months; called at start and once a day.
create function regal_audit_partitions() returns void language plpgsql as $$
declare
  month date := date_trunc('month', now() at time zone 'UTC');
  name text;
begin
  for i in 0..2 loop
    name := 'audit_logs_' || to_char(month, 'YYYY_MM');
    if to_regclass(name) is null then
      execute format('create table %I partition of audit_logs for values from (%L) to (%L)', name,
        month::timestamp at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
    end if;
    month := month + interval '1 month';
  end loop;
end $$;

-- Ledgers are append-only: what was written stays as it was.
create function regal_append_only() returns trigger language plpgsql as $$
begin
  raise exception using errcode = 'RG002', message = 'append_only', table = tg_table_name;
end $$;
create trigger audit_logs_append_only before update or delete on audit_logs for each row execute function regal_append_only();
create trigger audit_logs_no_truncate before truncate on audit_logs for each statement execute function regal_append_only();
create trigger stock_entries_append_only before update or delete on stock_entries for each row execute function regal_append_only();
create trigger payments_append_only before update or delete on payments for each row execute function regal_append_only();
create trigger account_entries_append_only before update or delete on account_entries for each row execute function regal_append_only();

-- What changed: the keys of one row whose values differ in the other.
create function regal_changed(of jsonb, against jsonb) returns jsonb language sql immutable parallel safe as $$
  select jsonb_object_agg(key, value) from jsonb_each(of) where value is distinct from against -> key
$$;

-- The last number a register gave out. A row per register, updated last in the sale's statement: gapless, as a sequence is not.
create table number_series (
  register_id uuid not null constraint number_series_register_id_fkey references registers (id) on delete cascade,
  last_no integer not null default 0,
  constraint number_series_pkey primary key (register_id)
);
create function regal_open_series() returns trigger language plpgsql as $$
begin
  insert into number_series (register_id) values (new.id);
  return new;
end $$;
create trigger registers_open_series after insert on registers for each row execute function regal_open_series();

-- The sum of a party's account entries, kept in the transaction that writes the entry.
create table account_balances (
  party_id uuid not null,
  balance numeric(16,4) not null default 0,
  constraint account_balances_pkey primary key (party_id),
  constraint account_balances_balance_bounds check (balance between -999999999999.9999 and 999999999999.9999)
);

-- A branch's stock policy is the floor under its levels.
create function regal_stock_policy() returns trigger language plpgsql as $$
begin
  update stock_levels set may_go_below_zero = new.stock_policy <> 'block' where branch_id = new.id;
  return new;
end $$;
create trigger branches_stock_policy after update of stock_policy on branches for each row
  when (old.stock_policy is distinct from new.stock_policy) execute function regal_stock_policy();
