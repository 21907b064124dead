-- safe: files: a new table
-- safe: products.image_id: new; null in the rows that are there

set local lock_timeout = '3s';

create table files (
  "id" uuid not null,
  "created_at" timestamptz(3) not null default now(),
  "name" text not null,
  "content_type" text not null,
  "bytes" integer not null,
  "width" integer not null,
  "height" integer not null,
  "sha256" text not null,
  "branch_id" uuid,
  "created_by" uuid,
  constraint files_pkey primary key (id),
  constraint files_name_bounds check (char_length("name") <= 200),
  constraint files_content_type_bounds check ("content_type" in ('image/jpeg', 'image/png', 'image/webp')),
  constraint files_sha256_bounds check (char_length("sha256") <= 64),
  constraint files_branch_id_fkey foreign key ("branch_id") references branches (id),
  constraint files_created_by_fkey foreign key ("created_by") references users (id)
);

create index files_sha256_idx on files ("sha256");

create index files_branch_id_idx on files ("branch_id");

create index files_created_at_sort on files ("created_at", id);

create index files_search on files using gin (("name") gin_trgm_ops);

alter table products add column "image_id" uuid;

alter table products add constraint products_image_id_fkey foreign key ("image_id") references files (id) not valid;

-- Pictures of the lines of orders and quotations, up to three each. They go with their line; a file that is one of them stays.
create table custom_order_item_images (
  item_id uuid not null,
  place smallint not null,
  file_id uuid not null,
  constraint custom_order_item_images_pkey primary key (item_id, place),
  constraint custom_order_item_images_place_bounds check (place between 1 and 3),
  constraint custom_order_item_images_item_id_fkey foreign key (item_id) references custom_order_items (id) on delete cascade,
  constraint custom_order_item_images_file_id_fkey foreign key (file_id) references files (id)
);

create index custom_order_item_images_file_id_idx on custom_order_item_images (file_id);

create table quotation_item_images (
  item_id uuid not null,
  place smallint not null,
  file_id uuid not null,
  constraint quotation_item_images_pkey primary key (item_id, place),
  constraint quotation_item_images_place_bounds check (place between 1 and 3),
  constraint quotation_item_images_item_id_fkey foreign key (item_id) references quotation_items (id) on delete cascade,
  constraint quotation_item_images_file_id_fkey foreign key (file_id) references files (id)
);

create index quotation_item_images_file_id_idx on quotation_item_images (file_id);

-- Content that may be in the store without a file that has it. Every upload notes its own before it stores it, and a removal in
-- its transaction. An upload strikes its note off in the transaction that makes the file; whoever takes content out of the store
-- strikes off all notes of it.
create table file_leftovers (
  id uuid not null,
  sha256 text not null,
  since timestamptz not null default now(),
  constraint file_leftovers_pkey primary key (id)
);

create index file_leftovers_sha256_idx on file_leftovers (sha256);
