import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import variables from '../../config/custom-environment-variables.json' with { type: 'json' }
import defaults from '../../config/default.json' with { type: 'json' }
import { openDatabase } from '../../src/ops/start.ts'
import { checkSettings, type Settings } from '../../src/settings.ts'
import type { Json } from '../support/shop.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const script = `
  const { loadSettings } = await import('./src/settings.ts')
  const settings = await loadSettings().catch((error) => ({ refused: error.message }))
  process.stdout.write(JSON.stringify(settings))`

/** What a process with these variables reads: in a child, as the configuration is read once per process. */
async function loaded(env: Record<string, string>): Promise<Settings & { refused?: string }> {
  const { PATH } = process.env
  const child = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script],
    // The test run's own variables must not be read.
    { cwd: root, env: { PATH, ...env } }
  )
  return JSON.parse(child.stdout)
}

/** What is said of one variable with this value, all others having their default. */
function refusalOf(name: string, value: string): string {
  const put = (node: Json, names: Json): Json =>
    Object.fromEntries(
      Object.entries(node).map(([key, part]) => {
        if (names[key] === name) return [key, value]
        return [key, typeof names[key] === 'object' ? put(part, names[key]) : part]
      })
    )
  try {
    checkSettings(put(defaults, variables), variables)
  } catch (error) {
    return (error as Error).message
  }
  return assert.fail(`${name}=${value} was taken`)
}

const SECRET = 'x'.repeat(32)

describe('Settings', function () {
  this.timeout(60_000)

  it('have a default each', async () => {
    const settings = await loaded({})
    assert.equal(settings.refused, undefined)
    assert.deepEqual([settings.port, settings.host, settings.data_dir], [3030, '127.0.0.1', './data'])
    assert.deepEqual([settings.cors_origins, settings.demo, settings.auth.secret], [[], false, ''])
  })

  it('come from the environment', async () => {
    const settings = await loaded({
      PORT: '8080',
      REGAL_TRUSTED_PROXIES: '2',
      REGAL_CORS_ORIGINS: 'https://till.example, http://localhost:5173',
      REGAL_DEMO: '1',
      REGAL_PREPARED_STATEMENTS: 'false',
      REGAL_CURRENCY: 'JPY',
      REGAL_CURRENCY_SCALE: '0',
      REGAL_TIMEZONE: 'Asia/Tokyo',
      REGAL_JWT_SECRET: SECRET,
      DATABASE_URL: 'postgresql://u:p@host/db'
    })
    assert.equal(settings.refused, undefined)
    assert.equal(settings.port, 8080)
    assert.equal(settings.trusted_proxies, 2)
    assert.deepEqual(settings.cors_origins, ['https://till.example', 'http://localhost:5173'])
    assert.equal(settings.demo, true)
    assert.equal(settings.database.prepared_statements, false)
    assert.deepEqual([settings.currency, settings.currency_scale, settings.timezone], ['JPY', 0, 'Asia/Tokyo'])
    assert.equal(settings.auth.secret, SECRET)
  })

  it('that are empty take their default: a compose file passes what is unset as an empty text', async () => {
    const settings = await loaded({ PORT: '', REGAL_CORS_ORIGINS: '', REGAL_DEMO: '', REGAL_JWT_SECRET: '' })
    assert.deepEqual([settings.port, settings.cors_origins, settings.demo], [3030, [], false])
  })

  const wrong: Record<string, [name: string, ...values: string[]]> = {
    'a port': ['PORT', 'abc', '-1', '65536', '80.5', '0x50', '3030x'],
    'a number of proxies': ['REGAL_TRUSTED_PROXIES', 'yes', '-1', '11'],
    'a level': ['LOG_LEVEL', 'loud', 'INFO'],
    origins: [
      'REGAL_CORS_ORIGINS',
      '*',
      'null',
      'x.example',
      'https://x.example/',
      'https://x.example https://y.example'
    ],
    'a yes or no': ['REGAL_DEMO', 'yes', '2'],
    'a currency': ['REGAL_CURRENCY', 'usd', 'XYZ', 'DOLLAR'],
    'decimals of a currency': ['REGAL_CURRENCY_SCALE', '5', '-1', 'two'],
    'a time zone': ['REGAL_TIMEZONE', 'Mars/Olympus', 'here', '+25:00'],
    'a database': ['DATABASE_URL', 'mysql://host/db', 'host', 'postgres://'],
    'a direct database': ['DIRECT_DATABASE_URL', 'mysql://host/db'],
    'a pool': ['REGAL_DATABASE_POOL_MAX', '0', 'many'],
    'prepared statements': ['REGAL_PREPARED_STATEMENTS', 'on'],
    'session settings': ['REGAL_SESSION_SETTINGS', 'off'],
    'a Redis': ['REDIS_URL', 'http://host'],
    'a bucket': ['REGAL_S3_BUCKET', 'No', 'a/b', '-a-'],
    'a region': ['REGAL_S3_REGION', 'EU West'],
    'the address of a store': ['REGAL_S3_ENDPOINT', 's3.example', 's3://x', 'https://s3.example/bucket'],
    'a key of a store': ['REGAL_S3_ACCESS_KEY', 'a b'],
    'a secret of a store': ['REGAL_S3_SECRET_KEY', 'a b'],
    'a yes or no about paths': ['REGAL_S3_PATH_STYLE', 'path'],
    'a secret': ['REGAL_JWT_SECRET', 'secret', 'x'.repeat(31)],
    'a password': ['REGAL_ADMIN_PASSWORD', 'admin', 'x'.repeat(9)]
  }
  for (const [what, [name, ...values]] of Object.entries(wrong))
    it(`name ${name} when it is not ${what}`, () => {
      for (const value of values) {
        const refused = refusalOf(name, value)
        assert.match(refused, new RegExp(`^The configuration cannot be used:\\n  ${name} must .+$`), refused)
      }
    })

  it('do not repeat a secret that is refused', () => {
    for (const name of ['REGAL_JWT_SECRET', 'REGAL_ADMIN_PASSWORD', 'DATABASE_URL'])
      assert.ok(!refusalOf(name, 'mysql:me').includes('mysql'))
  })

  it('have a test for each variable that can be wrong', () => {
    const names = (node: object): string[] =>
      Object.values(node).flatMap((value) => (typeof value === 'string' ? value : names(value)))
    const free = ['HOST', 'REGAL_DATA_DIR', 'REGAL_METRICS_TOKEN']
    assert.deepEqual([...Object.values(wrong).map(([name]) => name), ...free].sort(), names(variables).sort())
  })

  it('name every variable at fault at once, where a process starts', async () => {
    const { refused } = await loaded({ PORT: 'x', REGAL_TIMEZONE: 'x', REGAL_JWT_SECRET: 'x' })
    for (const name of ['PORT', 'REGAL_TIMEZONE', 'REGAL_JWT_SECRET'])
      assert.match(refused!, new RegExp(`  ${name} must `))
  })

  it('need a secret with a database of its own: every node must have the same', async () => {
    const settings = await loaded({ DATABASE_URL: 'postgres://host/db' })
    await assert.rejects(
      openDatabase(settings, () => {}),
      /REGAL_JWT_SECRET is required with DATABASE_URL/
    )
  })
})
