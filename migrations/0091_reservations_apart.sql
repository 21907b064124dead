-- regal: statements apart
-- Each statement can be run again after a failure.

set lock_timeout = '3s';

alter table stock_levels validate constraint stock_levels_reserved_bounds;
