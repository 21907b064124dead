-- safe: shifts: a new table
-- safe: invoices.shift_id: new; null in the rows that are there
-- safe: invoices.late: new; false in the rows that are there
-- safe: invoices: new: an index, built beside the running shop
-- safe: payments.shift_id: new; null in the rows that are there
-- safe: payments: new: an index, built beside the running shop

set local lock_timeout = '3s';

create table shifts (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "updated_at" timestamptz(3) not null default now(),
  "version" integer not null default 1,
  "register_id" uuid,
  "branch_id" uuid not null,
  "float" numeric(16,4),
  "status" text not null default 'open',
  "opened_by" uuid,
  "business_date" date not null,
  "closed_at" timestamptz(3),
  constraint shifts_pkey primary key (id),
  constraint shifts_register_id_fkey foreign key ("register_id") references registers (id),
  constraint shifts_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint shifts_float_bounds check ("float" between 0 and 999999999999.9999),
  constraint shifts_status_bounds check ("status" in ('open', 'closed')),
  constraint shifts_opened_by_fkey foreign key ("opened_by") references users (id),
  constraint shifts_stated_check check (register_id is not null and float is not null),
  constraint shifts_closed_check check ((status = 'closed') = (closed_at is not null))
);

create index shifts_register_id_idx on shifts ("register_id");

create index shifts_branch_id_idx on shifts ("branch_id");

create unique index shifts_open_key on shifts ("register_id") where status = 'open';

create index shifts_own_idx on shifts ("opened_by") where status = 'open';

create index shifts_created_at_sort on shifts ("created_at", id);

alter table invoices add column "shift_id" uuid;

alter table invoices add column "late" boolean not null default false;

alter table payments add column "shift_id" uuid;

alter table invoices add constraint invoices_shift_id_fkey foreign key ("shift_id") references shifts (id) not valid;

alter table payments add constraint payments_shift_id_fkey foreign key ("shift_id") references shifts (id) not valid;


-- A payment taken while no shift was open is given to the next one, once; nothing else of it ever changes.
drop trigger payments_append_only on payments;
create trigger payments_append_only before delete on payments for each row execute function regal_append_only();
create trigger payments_fixed before update on payments for each row
  when (old.shift_id is not null or new.shift_id is null or to_jsonb(old) - 'shift_id' is distinct from to_jsonb(new) - 'shift_id')
  execute function regal_append_only();
