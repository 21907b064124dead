-- regal: statements apart
-- Each statement can be run again after a failure.

set lock_timeout = '3s';

alter table invoices validate constraint invoices_commission_rate_bounds;

alter table invoices validate constraint invoices_commission_bounds;

alter table refunds validate constraint refunds_commission_bounds;

set lock_timeout = 0;

drop index concurrently if exists invoices_open_idx;

create index concurrently invoices_open_idx on invoices ("customer_id", "business_date") where status in ('issued', 'partial');

drop index concurrently if exists account_entries_party_idx;

create index concurrently account_entries_party_idx on account_entries ("party_id", "business_date");

drop index concurrently if exists account_entries_party_id_idx;

set lock_timeout = '3s';
