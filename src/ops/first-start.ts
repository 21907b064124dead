import { randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { hashPassword } from '../auth/passwords.ts'
import type { Database, Queryable } from '../database/connection.ts'
import { BUILT_IN_ROLES, presetOf } from '../policy/matrix.ts'
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
    await tx.query('select regal_audit_partitions()')
    await syncRoles(tx)
    if ((await tx.query('select 1 from users limit 1')).length) return {}
    await openBranch(tx, settings)
    return openAdministrator(tx, settings)
  })
}

/** Built-in roles follow the matrix until an administrator edits them (their version rises above 1). */
async function syncRoles(tx: Queryable): Promise<void> {
  for (const name of BUILT_IN_ROLES) {
    const rules = JSON.stringify(presetOf(name))
    await tx.query(
      `insert into roles (id, name, permissions, is_builtin) values ($1, $2, $3::jsonb, true) on conflict (lower(name)) do nothing`,
      [uuidv7(), name, rules]
    )
    await tx.query(
      `update roles set permissions = $2::jsonb where is_builtin and name = $1 and (version = 1 or name = 'admin') and permissions <> $2::jsonb`,
      [name, rules]
    )
  }
}

async function openBranch(tx: Queryable, { currency, timezone }: Settings): Promise<void> {
  const branch = uuidv7()
  await tx.query(
    `insert into branches (id, name, code, currency, timezone) values ($1, 'Main branch', 'MAIN', $2, $3)`,
    [branch, currency, timezone]
  )
  await tx.query(`insert into registers (id, branch_id, code, name) values ($1, $2, '01', 'Till 1')`, [
    uuidv7(),
    branch
  ])
  for (const [code, name, is_cash] of PAYMENT_METHODS) {
    await tx.query('insert into payment_methods (id, code, name, is_cash) values ($1, $2, $3, $4)', [
      uuidv7(),
      code,
      name,
      is_cash
    ])
  }
}

async function openAdministrator(tx: Queryable, { auth }: Settings): Promise<FirstStart> {
  const password = auth.admin_password || randomBytes(15).toString('base64url')
  await tx.query(
    `insert into users (id, full_name, email, username, password_hash, role_id)
     select $1, 'Administrator', 'admin@localhost.local', 'admin', $2, id from roles where name = 'admin'`,
    [uuidv7(), await hashPassword(password)]
  )
  return auth.admin_password ? {} : { generated_password: password }
}
