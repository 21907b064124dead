import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type EmbeddedServer, startEmbedded } from '../../src/database/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'

export const TEMPLATE = 'regal_test_template'

/** Where the main process leaves the server's address for the workers that run the files. */
const place = () => process.env.REGAL_TEST_PLACE!

export const testServerUrl = async (): Promise<string> =>
  process.env.REGAL_TEST_URL ?? (await readFile(join(place(), 'url'), 'utf8'))

let server: EmbeddedServer | undefined
let folder: string | undefined

/** Once per run: a real PostgreSQL (DATABASE_URL, else the embedded one) and a migrated template to clone. */
export async function openTestServer(): Promise<void> {
  try {
    await open()
  } catch (error) {
    await closeTestServer()
    throw error
  }
}

async function open(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'regal-test-'))
  // As root PostgreSQL runs as another user, who must be able to enter; else its data goes elsewhere, and stays there.
  await chmod(folder, 0o711)
  process.env.REGAL_TEST_PLACE = folder
  if (!process.env.DATABASE_URL) server = await startEmbedded(folder)
  const url = process.env.DATABASE_URL ?? server!.url
  await writeFile(join(folder, 'url'), url, { mode: 0o600 })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`drop database if exists ${TEMPLATE} with (force)`)
  await client.query(`create database ${TEMPLATE}`)
  // What the tests write need not survive a crash of the machine.
  if (server)
    await client.query('alter system set synchronous_commit = off').then(() => client.query('select pg_reload_conf()'))
  await client.end()
  const template = new URL(url)
  template.pathname = `/${TEMPLATE}`
  await migrate(template.href)
}

export async function closeTestServer(): Promise<void> {
  await server?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
}
