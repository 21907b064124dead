-- regal: statements apart
-- Each statement can be run again after a failure.

set lock_timeout = '3s';

alter table invoice_items validate constraint invoice_items_offer_price_bounds;

alter table invoice_items validate constraint invoice_items_price_list_id_fkey;

alter table invoice_items validate constraint invoice_items_price_source_bounds;
