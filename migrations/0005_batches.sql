-- Batches that were sent with an id, so that one sent again is answered as the first time. The row is written in the
-- batch's own transaction: it is there exactly if the batch has taken effect.
create table batches (
  id uuid not null,
  created_at timestamptz(3) not null default now(),
  -- SHA-256 of the user and what was sent, without passwords.
  fingerprint text not null,
  -- SHA-256 of what the user might see then: the answer is for those rights alone.
  rights text not null,
  answer json,
  constraint batches_pkey primary key (id)
);
create index batches_created_at_idx on batches (created_at);

-- Called at start and once a day.
create function regal_forget_batches() returns void language sql as $$
  delete from batches where created_at < now() - interval '30 days'
$$;
