-- regal: statements apart
-- Each statement can be run again after a failure.

set lock_timeout = '3s';

alter table invoices validate constraint invoices_shift_id_fkey;

alter table payments validate constraint payments_shift_id_fkey;

set lock_timeout = 0;

drop index concurrently if exists invoices_shift_idx;

create index concurrently invoices_shift_idx on invoices ("shift_id", "created_at");

drop index concurrently if exists payments_shift_idx;

create index concurrently payments_shift_idx on payments ("shift_id", "created_at");

set lock_timeout = '3s';
