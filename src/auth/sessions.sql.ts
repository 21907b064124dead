/** The audit row of a sign-in or its end, as part of the statement that writes it. `rows` has id, user_id and after. */
const recordSignIn = (
  rows: string,
  id: string,
  action: string,
  by: { user: string; session: string; request: string }
) =>
  `recorded as (
    insert into audit_logs (id, action, resource, record_id, user_id, session_id, request_id, after)
    select ${id}, '${action}', 'sessions', id, ${by.user}, ${by.session}, ${by.request}, after from ${rows}
  )`

/** $1 what was typed: user names have no @ and e-mails do, so at most one user is found. */
export const FIND_USER = `
  select u.id, u.username, u.email, u.full_name, r.name as role, u.is_active, u.branch_id, u.password_hash
  from users u join roles r on r.id = u.role_id
  where lower(u.username) = lower($1) or lower(u.email) = lower($1)`

/**
 * $1 user, $2 the hash the password was checked against, $3 session, $4 device, $5 ip, $6 token hash, $7 days,
 * $8 audit id, $9 request. No row when the user was deactivated or changed the password while it was being checked: the
 * update waits for such a change, and such a change waits for this one and then ends the new session.
 */
export const OPEN_SESSION = `
  with signed as (
    update users set last_login_at = clock_timestamp() where id = $1 and is_active and password_hash = $2 returning id
  ), opened as (
    insert into sessions (id, user_id, device, ip, last_used_at)
    select $3::uuid, id, $4::text, $5::text, clock_timestamp() from signed
    returning id, user_id, jsonb_build_object('device', device, 'ip', ip) as after
  ), issued as (
    insert into refresh_tokens (hash, session_id, expires_at)
    select $6::bytea, id, clock_timestamp() + make_interval(days => $7) from opened
  ), ${recordSignIn('opened', '$8::uuid', 'login', { user: 'user_id', session: 'id', request: '$9::text' })}
  select id from opened`

/**
 * Uses up a token and stores its successor. $1 hash, $2 the successor's hash, $3 days, $4 ip. Of several at once one
 * gets a row; the others wait for it, see `used_at` and get none.
 */
export const ROTATE = `
  with claimed as (
    update refresh_tokens t set used_at = clock_timestamp()
    from sessions s join users u on u.id = s.user_id
    where t.hash = $1 and t.used_at is null and t.expires_at > clock_timestamp()
      and s.id = t.session_id and s.ended_at is null and u.is_active
    returning s.id as session_id, s.user_id
  ), issued as (
    insert into refresh_tokens (hash, session_id, expires_at)
    select $2::bytea, session_id, clock_timestamp() + make_interval(days => $3) from claimed
  ), touched as (
    update sessions s set last_used_at = clock_timestamp(), ip = coalesce($4, s.ip)
    from claimed where s.id = claimed.session_id
  )
  select session_id, user_id from claimed`

/** Why a token could not be used up. $1 hash, $2 the successor's hash, $3 seconds of grace. */
export const EXAMINE = `
  select s.id as session_id, s.user_id, s.ended_at is not null or not u.is_active as ended, t.used_at is not null as used,
    coalesce(t.used_at > clock_timestamp() - make_interval(secs => $3) and n.used_at is null, false) as repeatable
  from refresh_tokens t
  join sessions s on s.id = t.session_id
  join users u on u.id = s.user_id
  left join refresh_tokens n on n.hash = $2
  where t.hash = $1`

/** $1 session, $2 reason, $3 audit id, $4 acting user or null for the session's own, $5 acting session, $6 request. */
export const END_SESSION = `
  with ended as (
    update sessions set ended_at = clock_timestamp(), end_reason = $2 where id = $1 and ended_at is null
    returning id, user_id, jsonb_build_object('end_reason', end_reason) as after
  ), ${recordSignIn('ended', '$3::uuid', 'end', { user: 'coalesce($4::uuid, user_id)', session: '$5::uuid', request: '$6::text' })}
  select id from ended`

export const SESSION_OF_TOKEN = 'select session_id from refresh_tokens where hash = $1'

/** $1 session. No row when it has ended. */
export const READ_PRINCIPAL = `
  select u.id, u.username, u.email, u.full_name, r.name as role, u.role_id, u.branch_id, u.is_active, r.permissions
  from sessions s join users u on u.id = s.user_id join roles r on r.id = u.role_id
  where s.id = $1 and s.ended_at is null and u.is_active`
