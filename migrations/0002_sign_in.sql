-- Refresh tokens of each session, and the list of changes by which every node learns that a sign-in ended or that what
-- it may do is another. The list is filled by triggers, so that no way of writing (service, CLI, psql) gets round it.

-- Only the SHA-256 of a token: who reads this table cannot sign in with it. Used ones are kept until they expire, as
-- that is how a stolen one is noticed.
create table refresh_tokens (
  hash bytea not null,
  session_id uuid not null,
  issued_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint refresh_tokens_pkey primary key (hash),
  constraint refresh_tokens_session_id_fkey foreign key (session_id) references sessions (id) on delete cascade,
  constraint refresh_tokens_hash_check check (octet_length(hash) = 32)
);
create index refresh_tokens_session_id_idx on refresh_tokens (session_id);
create index refresh_tokens_expires_at_idx on refresh_tokens (expires_at);

-- txid is what readers go by: a row becomes visible at its commit, so neither `at` nor `id` is in order of visibility.
create table auth_changes (
  id bigint not null generated always as identity,
  at timestamptz not null default clock_timestamp(),
  txid xid8 not null default pg_current_xact_id(),
  session_id uuid,
  user_id uuid,
  role_id uuid,
  constraint auth_changes_pkey primary key (id)
);
create index auth_changes_txid_idx on auth_changes (txid);

create function regal_session_ended() returns trigger language plpgsql as $$
begin
  insert into auth_changes (session_id) values (old.id);
  return null;
end $$;
create trigger sessions_ended after update of ended_at on sessions for each row
  when (old.ended_at is null and new.ended_at is not null) execute function regal_session_ended();
create trigger sessions_deleted after delete on sessions for each row execute function regal_session_ended();

create function regal_user_changed() returns trigger language plpgsql as $$
begin
  insert into auth_changes (user_id) values (old.id);
  if tg_op = 'UPDATE' and (old.is_active and not new.is_active or old.password_hash <> new.password_hash) then
    update sessions
      set ended_at = clock_timestamp(),
          end_reason = case when new.is_active then 'password_changed' else 'user_deactivated' end
      where user_id = new.id and ended_at is null;
  end if;
  return null;
end $$;
create trigger users_changed
  after update of role_id, branch_id, is_active, password_hash, username, email, full_name on users for each row
  when ((old.role_id, old.branch_id, old.is_active, old.password_hash, old.username, old.email, old.full_name)
    is distinct from
    (new.role_id, new.branch_id, new.is_active, new.password_hash, new.username, new.email, new.full_name))
  execute function regal_user_changed();
create trigger users_deleted after delete on users for each row execute function regal_user_changed();

create function regal_role_changed() returns trigger language plpgsql as $$
begin
  insert into auth_changes (role_id) values (coalesce(new.id, old.id));
  return null;
end $$;
create trigger roles_changed after update of permissions, name on roles for each row
  when ((old.permissions, old.name) is distinct from (new.permissions, new.name)) execute function regal_role_changed();
create trigger roles_created_or_deleted after insert or delete on roles for each row execute function regal_role_changed();
