-- safe: expense_types: a new table
-- safe: expenses: a new table
-- safe: vendor_payments: a new table

set local lock_timeout = '3s';

create table expense_types (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "updated_at" timestamptz(3) not null default now(),
  "version" integer not null default 1,
  "name" text not null,
  "is_active" boolean not null default true,
  constraint expense_types_pkey primary key (id),
  constraint expense_types_name_bounds check (char_length("name") <= 100)
);

create unique index expense_types_name_key on expense_types (lower("name"));

create index expense_types_name_sort on expense_types ("name", id);

create index expense_types_search on expense_types using gin (("name") gin_trgm_ops);

create table expenses (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "updated_at" timestamptz(3) not null default now(),
  "version" integer not null default 1,
  "type_id" uuid not null,
  "branch_id" uuid not null,
  "amount" numeric(16,4) not null,
  "direction" text not null default 'expense',
  "date" date not null,
  "method" text not null default 'cash',
  "note" text,
  "admin_only" boolean not null default false,
  "shift_id" uuid,
  "created_by" uuid,
  constraint expenses_pkey primary key (id),
  constraint expenses_type_id_fkey foreign key ("type_id") references expense_types (id),
  constraint expenses_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint expenses_amount_bounds check ("amount" between 0 and 999999999999.9999),
  constraint expenses_direction_bounds check ("direction" in ('expense', 'reverse')),
  constraint expenses_method_bounds check (char_length("method") <= 30),
  constraint expenses_note_bounds check (char_length("note") <= 1000),
  constraint expenses_shift_id_fkey foreign key ("shift_id") references shifts (id),
  constraint expenses_created_by_fkey foreign key ("created_by") references users (id),
  constraint expenses_amount_check check (amount > 0)
);

create index expenses_type_id_idx on expenses ("type_id");

create index expenses_branch_id_idx on expenses ("branch_id");

create index expenses_date_idx on expenses ("date");

create index expenses_shift_id_idx on expenses ("shift_id");

create index expenses_date_sort on expenses ("date", id);

create index expenses_search on expenses using gin ((coalesce("note", '')) gin_trgm_ops);

create table vendor_payments (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "number" text not null,
  "vendor_id" uuid not null,
  "branch_id" uuid not null,
  "amount" numeric(16,4) not null,
  "method" text not null,
  "direction" text not null default 'payment',
  "date" date not null,
  "note" text,
  "shift_id" uuid,
  "balance_after" numeric(16,4) not null,
  "created_by" uuid,
  constraint vendor_payments_pkey primary key (id),
  constraint vendor_payments_number_bounds check (char_length("number") <= 30),
  constraint vendor_payments_number_key unique ("number"),
  constraint vendor_payments_vendor_id_fkey foreign key ("vendor_id") references vendors (id),
  constraint vendor_payments_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint vendor_payments_amount_bounds check ("amount" between 0 and 999999999999.9999),
  constraint vendor_payments_method_bounds check (char_length("method") <= 30),
  constraint vendor_payments_direction_bounds check ("direction" in ('payment', 'reverse')),
  constraint vendor_payments_note_bounds check (char_length("note") <= 1000),
  constraint vendor_payments_shift_id_fkey foreign key ("shift_id") references shifts (id),
  constraint vendor_payments_balance_after_bounds check ("balance_after" between -999999999999.9999 and 999999999999.9999),
  constraint vendor_payments_created_by_fkey foreign key ("created_by") references users (id),
  constraint vendor_payments_amount_check check (amount > 0)
);

create index vendor_payments_vendor_id_idx on vendor_payments ("vendor_id");

create index vendor_payments_branch_id_idx on vendor_payments ("branch_id");

create index vendor_payments_date_idx on vendor_payments ("date");

create index vendor_payments_shift_id_idx on vendor_payments ("shift_id");

create index vendor_payments_created_at_sort on vendor_payments ("created_at", id);

create index vendor_payments_search on vendor_payments using gin (("number") gin_trgm_ops);


-- A method of payment is referred to by its code.
alter table expenses add constraint expenses_method_fkey foreign key (method) references payment_methods (code);
alter table vendor_payments add constraint vendor_payments_method_fkey foreign key (method) references payment_methods (code);

create trigger vendor_payments_append_only before update or delete on vendor_payments for each row execute function regal_append_only();
