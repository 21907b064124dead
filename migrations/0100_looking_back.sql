-- safe: settings.key: wider bounds: check ("key" in ('discount_limit_percent', 'override_limit_percent', 'refund_limit', 'blind_count', 'embedded_barcodes'))

set local lock_timeout = '3s';

alter table settings drop constraint settings_key_bounds;

alter table settings add constraint settings_key_bounds check ("key" in ('discount_limit_percent', 'override_limit_percent', 'refund_limit', 'blind_count', 'embedded_barcodes'));

-- Issued invoices by what finds them again, for who may not read invoices of other days. It names few columns, as a column
-- that a view reads is not dropped or retyped without it.
create view bills as
select id, created_at, invoice_no, branch_id, register_id, customer_id, business_date, status, total, print_count
from invoices where series_no is not null;
