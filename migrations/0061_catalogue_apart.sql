-- regal: statements apart
-- Each statement can be run again after a failure.

set lock_timeout = '3s';

alter table settings validate constraint settings_key_bounds;

alter table invoices validate constraint invoices_approved_by_fkey;

alter table invoice_items validate constraint invoice_items_price_source_bounds;

alter table invoice_items validate constraint invoice_items_barcode_bounds;

set lock_timeout = 0;

drop index concurrently if exists products_article_no_idx;

create index concurrently products_article_no_idx on products ("article_no");

set lock_timeout = '3s';
