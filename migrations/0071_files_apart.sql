-- regal: statements apart
-- Each statement can be run again after a failure.

set lock_timeout = '3s';

alter table products validate constraint products_image_id_fkey;

set lock_timeout = 0;

drop index concurrently if exists products_image_id_idx;

create index concurrently products_image_id_idx on products ("image_id");

set lock_timeout = '3s';
