-- The last number of each series of documents beside invoices, whose numbers are in number_series. A row per kind and
-- register or branch, updated last in the document's transaction: gapless, as a sequence is not.
create table document_series (
  kind text not null,
  owner_id uuid not null,
  last_no integer not null,
  constraint document_series_pkey primary key (kind, owner_id),
  constraint document_series_last_no_check check (last_no > 0)
);
