-- safe: settings.key: wider bounds: check ("key" in ('discount_limit_percent', 'refund_limit', 'blind_count'))

set local lock_timeout = '3s';

alter table settings drop constraint settings_key_bounds;

alter table settings add constraint settings_key_bounds check ("key" in ('discount_limit_percent', 'refund_limit', 'blind_count'));
