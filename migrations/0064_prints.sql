-- safe: refunds.approved_by: new; null in the rows that are there
-- safe: invoice_prints: a new table

set local lock_timeout = '3s';

create table invoice_prints (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "invoice_id" uuid,
  "branch_id" uuid not null,
  "print_no" integer not null,
  "mark" text,
  "created_by" uuid,
  constraint invoice_prints_pkey primary key (id),
  constraint invoice_prints_invoice_id_fkey foreign key ("invoice_id") references invoices (id),
  constraint invoice_prints_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint invoice_prints_mark_bounds check (char_length("mark") <= 30),
  constraint invoice_prints_created_by_fkey foreign key ("created_by") references users (id),
  constraint invoice_prints_invoice_id_print_no_key unique ("invoice_id", "print_no")
);

create index invoice_prints_branch_id_idx on invoice_prints ("branch_id");

create index invoice_prints_created_at_sort on invoice_prints ("created_at", id);

alter table refunds add column "approved_by" uuid;

alter table refunds add constraint refunds_approved_by_fkey foreign key ("approved_by") references users (id) not valid;

create trigger invoice_prints_append_only before update or delete on invoice_prints for each row execute function regal_append_only();
