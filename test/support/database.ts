import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { Database } from '../../src/database/connection.ts'
import { TEMPLATE, testServerUrl } from './server.ts'

export interface TestDatabase {
  url: string
  database: Database
  drop(): Promise<void>
}

const settings = {
  pool_max: 10,
  acquire_timeout_ms: 5000,
  query_timeout_ms: 10_000,
  prepared_statements: true,
  session_settings: true
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: await testServerUrl() })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** A database of its own for a test file: migrated, empty, cloned from the template in a few hundredths of a second. */
export async function createTestDatabase(overrides: Partial<typeof settings> = {}): Promise<TestDatabase> {
  const name = `regal_test_${randomBytes(6).toString('hex')}`
  await administer(`create database ${name} template ${TEMPLATE}`)
  const url = new URL(await testServerUrl())
  url.pathname = `/${name}`
  const database = new Database({ url: url.href, ...settings, ...overrides })
  return {
    url: url.href,
    database,
    async drop() {
      await database.close()
      await administer(`drop database if exists ${name} with (force)`)
    }
  }
}
