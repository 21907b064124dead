import { v7 as uuidv7 } from 'uuid'
import { hashPassword } from '../../src/auth/passwords.ts'
import { Sessions } from '../../src/auth/sessions.ts'
import type { Database } from '../../src/database/connection.ts'

export const PASSWORD = 'correct horse battery'

export const authSettings = {
  secret: 'a secret of the tests that is long enough',
  admin_password: '',
  access_minutes: 15,
  refresh_days: 30,
  refresh_grace_seconds: 20
}

/** A node's sessions: every call gives one with an empty memory. */
export const openSessions = (database: Database, auth: Partial<typeof authSettings> = {}): Sessions =>
  new Sessions({ database, settings: { auth: { ...authSettings, ...auth } } })

export async function insertRole(database: Database, name: string, permissions: unknown[] = []): Promise<string> {
  const id = uuidv7()
  await database.query('insert into roles (id, name, permissions) values ($1, $2, $3)', [
    id,
    name,
    JSON.stringify(permissions)
  ])
  return id
}

export async function insertUser(database: Database, username: string, roleId: string): Promise<string> {
  const id = uuidv7()
  await database.query(
    'insert into users (id, full_name, email, username, password_hash, role_id) values ($1, $2, $3, $2, $4, $5)',
    [id, username, `${username}@shop.example`, await hashPassword(PASSWORD), roleId]
  )
  return id
}

/** For `assert.rejects`: an error with this status and reason. */
export const refusal = (code: number, reason: string) => (error: { code?: number; data?: { reason?: string } }) =>
  error.code === code && error.data?.reason === reason
