-- safe: invoice_voids: a new table
-- safe: payments.invoice_id: may be null from now on
-- safe: payments.reverses: new; null in the rows that are there
-- safe: payments.reason: new; null in the rows that are there
-- safe: payments: new: check (invoice_id is not null or customer_id is not null); the rows are read without stopping anybody
-- safe: payment_allocations: a new table

set local lock_timeout = '3s';

select regal_at_most(0, (select count(*) as n from (select o."id" as "id", o."created_at" as "created_at", o."invoice_id" as "invoice_id", o."customer_id" as "customer_id", o."branch_id" as "branch_id", o."register_id" as "register_id", o."shift_id" as "shift_id", o."method" as "method", o."amount" as "amount", o."tendered" as "tendered", o."change" as "change", o."direction" as "direction", o."refund_id" as "refund_id", (null)::uuid as "reverses", (null)::text as "reason", o."reference" as "reference", o."business_date" as "business_date", o."created_by" as "created_by" from payments o) f where not coalesce((invoice_id is not null or customer_id is not null), true)), 'payments', 'rows break the new rule');

alter table payments alter column "invoice_id" drop not null;

create table invoice_voids (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "invoice_id" uuid not null,
  "customer_id" uuid,
  "branch_id" uuid not null,
  "register_id" uuid,
  "business_date" date not null,
  "amount" numeric(16,4) not null,
  "paid_out" numeric(16,4) not null,
  "credited" numeric(16,4) not null,
  "reason" text not null,
  "processed_by" uuid,
  constraint invoice_voids_pkey primary key (id),
  constraint invoice_voids_invoice_id_fkey foreign key ("invoice_id") references invoices (id),
  constraint invoice_voids_invoice_id_key unique ("invoice_id"),
  constraint invoice_voids_customer_id_fkey foreign key ("customer_id") references customers (id),
  constraint invoice_voids_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint invoice_voids_register_id_fkey foreign key ("register_id") references registers (id),
  constraint invoice_voids_amount_bounds check ("amount" between -999999999999.9999 and 999999999999.9999),
  constraint invoice_voids_paid_out_bounds check ("paid_out" between -999999999999.9999 and 999999999999.9999),
  constraint invoice_voids_credited_bounds check ("credited" between -999999999999.9999 and 999999999999.9999),
  constraint invoice_voids_reason_bounds check (char_length("reason") <= 300),
  constraint invoice_voids_processed_by_fkey foreign key ("processed_by") references users (id),
  constraint invoice_voids_amount_check check (amount = paid_out + credited and paid_out >= 0 and credited >= 0)
);

create index invoice_voids_branch_id_idx on invoice_voids ("branch_id");

create index invoice_voids_created_at_sort on invoice_voids ("created_at", id);

create table payment_allocations (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "payment_id" uuid not null,
  "invoice_id" uuid not null,
  "branch_id" uuid not null,
  "business_date" date not null,
  "amount" numeric(16,4) not null,
  constraint payment_allocations_pkey primary key (id),
  constraint payment_allocations_payment_id_fkey foreign key ("payment_id") references payments (id),
  constraint payment_allocations_invoice_id_fkey foreign key ("invoice_id") references invoices (id),
  constraint payment_allocations_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint payment_allocations_amount_bounds check ("amount" between -999999999999.9999 and 999999999999.9999),
  constraint payment_allocations_payment_id_invoice_id_key unique ("payment_id", "invoice_id"),
  constraint payment_allocations_amount_check check (amount > 0)
);

create index payment_allocations_invoice_id_idx on payment_allocations ("invoice_id");

create index payment_allocations_created_at_sort on payment_allocations ("created_at", id);

alter table payments add column "reverses" uuid;

alter table payments add column "reason" text;

alter table payments add constraint payments_reverses_fkey foreign key ("reverses") references payments (id) not valid;

alter table payments add constraint payments_reason_bounds check (char_length("reason") <= 300) not valid;

alter table payments add constraint payments_account_check check (invoice_id is not null or customer_id is not null) not valid;

create trigger invoice_voids_append_only before update or delete on invoice_voids for each row execute function regal_append_only();

create trigger payment_allocations_append_only before update or delete on payment_allocations for each row execute function regal_append_only();
