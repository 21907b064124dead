-- regal: statements apart
-- Each statement can be run again after a failure.

set lock_timeout = '3s';

alter table payments validate constraint payments_reverses_fkey;

alter table payments validate constraint payments_reason_bounds;

alter table payments validate constraint payments_account_check;

set lock_timeout = 0;

drop index concurrently if exists payments_reverses_key;

create unique index concurrently payments_reverses_key on payments ("reverses") where reverses is not null;

set lock_timeout = '3s';
