import { randomBytes } from 'node:crypto'
import { hashPassword } from '../auth/passwords.ts'
import type { Database, Queryable } from '../database/connection.ts'
import { newId } from '../ids.ts'
import { fullAccess } from '../policy/access.ts'
import { BUILT_IN_ROLES, presetOf } from '../policy/presets.ts'
import { resourceNamed } from '../schemas/index.ts'
import { insertOne } from '../services/resource.sql.ts'
import type { Settings } from '../settings.ts'

const PAYMENT_METHODS: [code: string, name: string, cash: boolean][] = [
  ['cash', 'Cash', true],
  ['card', 'Card', false],
  ['bank_transfer', 'Bank transfer', false],
  ['wallet', 'Wallet', false],
  ['credit_note', 'Credit note', false]
]

export interface FirstStart {
  /** The administrator's password when it was generated: shown once, kept nowhere. */
  generated_password?: string
}

/**
 * What a shop needs before its first request: built-in roles, one branch with one register, methods of payment, the
 * administrator. Does only what is missing, under a lock, so that every start and every node may call it.
 */
export async function prepareShop(database: Database, settings: Settings): Promise<FirstStart> {
  return database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('regal first start'))`)
    await tx.query('select regal_audit_partitions(), regal_forget_batches()')
    await syncRoles(tx)
    if ((await tx.query('select 1 from users limit 1')).length) return {}
    await openBranch(tx, settings)
    return openAdministrator(tx, settings)
  })
}

/** Writes a record with its audit row, as a service would; nobody is signed in yet who could call one. */
async function make(tx: Queryable, name: string, record: Record<string, unknown>): Promise<string> {
  const resource = resourceNamed(name)
  const author = { audit_id: newId(), user_id: null, session_id: null, request_id: null, fingerprint: null }
  const id = newId()
  const { text, values } = insertOne(resource, { id, ...record }, author, { access: fullAccess(resource) })
  await tx.rows(text, values)
  return id
}

/** Built-in roles follow the matrix until an administrator edits them (their version rises above 1). */
async function syncRoles(tx: Queryable): Promise<void> {
  const rows = await tx.query<{ name: string }>('select lower(name) as name from roles')
  const known = new Set(rows.map(({ name }) => name))
  for (const name of BUILT_IN_ROLES) {
    const permissions = presetOf(name)
    if (known.has(name)) await updatePreset(tx, name, JSON.stringify(permissions))
    else await make(tx, 'roles', { name, permissions, is_builtin: true })
  }
}

async function updatePreset(tx: Queryable, name: string, permissions: string): Promise<void> {
  await tx.query(
    `with old as (
       select id, permissions from roles
       where is_builtin and name = $1 and (version = 1 or name = 'admin') and permissions <> $2::jsonb
     ), changed as (update roles r set permissions = $2::jsonb from old where r.id = old.id)
     insert into audit_logs (id, action, resource, record_id, before, after)
     select $3, 'patch', 'roles', id, jsonb_build_object('permissions', permissions), jsonb_build_object('permissions', $2::jsonb)
     from old`,
    [name, permissions, newId()]
  )
}

async function openBranch(tx: Queryable, { currency, timezone }: Settings): Promise<void> {
  const branch_id = await make(tx, 'branches', { name: 'Main branch', code: 'MAIN', currency, timezone })
  await make(tx, 'registers', { branch_id, code: '01', name: 'Till 1' })
  for (const [code, name, is_cash] of PAYMENT_METHODS) await make(tx, 'payment-methods', { code, name, is_cash })
}

async function openAdministrator(tx: Queryable, { auth }: Settings): Promise<FirstStart> {
  const password = auth.admin_password || randomBytes(15).toString('base64url')
  const [role] = await tx.query<{ id: string }>(`select id from roles where name = 'admin'`)
  await make(tx, 'users', {
    full_name: 'Administrator',
    email: 'admin@localhost.local',
    username: 'admin',
    password_hash: await hashPassword(password),
    role_id: role!.id
  })
  return auth.admin_password ? {} : { generated_password: password }
}
