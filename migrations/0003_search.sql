-- What $search asks: words, parts of words, and words that are spelt alike. pg_trgm comes with PostgreSQL and needs no
-- superuser. A till searches while others sell, so a change of a row may not wait for the index: it is kept up in
-- batches (fastupdate, the default).
create extension if not exists pg_trgm;

create index branches_search on branches using gin (("name" || ' ' || "code") gin_trgm_ops);
create index roles_search on roles using gin (("name") gin_trgm_ops);
create index users_search on users using gin (("full_name" || ' ' || "email" || ' ' || "username") gin_trgm_ops);
create index categories_search on categories using gin (("name") gin_trgm_ops);
create index brands_search on brands using gin (("name") gin_trgm_ops);
create index vendors_search on vendors using gin (("name") gin_trgm_ops);
create index salesmen_search on salesmen using gin (("name" || ' ' || "code") gin_trgm_ops);
create index customers_search on customers using gin (("name") gin_trgm_ops);
create index products_search on products using gin (("sku" || ' ' || "name" || ' ' || coalesce("barcode", '') || ' ' || coalesce("article_no", '')) gin_trgm_ops);
create index payment_methods_search on payment_methods using gin (("name") gin_trgm_ops);
create index invoices_search on invoices using gin ((coalesce("invoice_no", '')) gin_trgm_ops);
