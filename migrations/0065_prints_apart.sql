-- regal: statements apart
-- Each statement can be run again after a failure.

set lock_timeout = '3s';

alter table refunds validate constraint refunds_approved_by_fkey;
