-- regal: statements apart
-- Each statement can be run again after a failure.

set lock_timeout = '3s';

alter table settings validate constraint settings_key_bounds;

alter table invoices validate constraint invoices_refunded_bounds;

alter table invoices validate constraint invoices_credited_bounds;

alter table invoices validate constraint invoices_totals_check;

alter table invoices validate constraint invoices_refunds_check;

alter table payments validate constraint payments_refund_id_fkey;
