import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { commands, program } from '../../src/cli/program.ts'
import { createTestDatabase } from '../support/database.ts'
import { openShop, PASSWORD, type Shop } from '../support/shop.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/regal.js', import.meta.url))

/** Runs the program as from a shell. */
async function regal(args: string[], env: NodeJS.ProcessEnv = {}, input = '') {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...env } })
  child.stdin.end(input)
  const [out, said, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.once('close', done))
  ])
  return { out, said, code }
}

describe('The program', () => {
  it('says what it can do', async () => {
    const { out, code } = await regal(['--help'])
    assert.equal(code, 0)
    for (const name of Object.keys(commands)) assert.match(out, new RegExp(`^  ${name} `, 'm'))
  })

  for (const name of Object.keys(commands)) {
    it(`says what ${name} does`, async () => {
      let said = ''
      const code = await program([name, '--help'], (text) => {
        said += text
      })
      assert.equal(code, 0)
      assert.match(said, new RegExp(`^Usage: regal ${name}`))
    })
  }

  const misunderstood: [args: string[], sentence: RegExp][] = [
    [['toString'], /There is no command toString/],
    [['migrate', '--quickly'], /Unknown option '--quickly'/],
    [['migrate', 'now'], /one word too many: now/],
    [['migrate', 'plan', '--fill', 'brands'], /--fill looks like products\.color=value, not like brands/],
    [['migrate', 'plan', '--allow-loss', 'brands.name=all'], /--allow-loss brands\.name takes a whole number, not all/],
    [['migrate', 'check', '--dry-run'], /--dry-run belongs to "migrate plan"/],
    [['demo', '--products', 'many'], /--products is a whole number from 1 to/],
    [['demo', '--products', '0'], /--products is a whole number from 1 to/],
    [['demo', '--seed'], /'--seed <value>' argument missing/],
    [['user'], /Say add, password, deactivate or list/],
    [['user', 'add'], /Which user\?/],
    [['user', 'add', 'kiran', '--role', 'cashier'], /needs --role and --email/],
    [['user', 'password', 'kiran', '--password', 'secret'], /Unknown option '--password'/],
    [['verify', 'luck'], /There is no invariant luck/]
  ]
  for (const [args, sentence] of misunderstood) {
    it(`does not understand "${args.join(' ')}"`, async () => {
      // By name: mocha loads this file and what it imports one way, and the program loads its commands another.
      await assert.rejects(
        program(args, () => {}),
        { name: 'UsageError', message: sentence }
      )
    })
  }

  it('ends with 2 and a sentence when it does not understand', async () => {
    const { out, said, code } = await regal(['dance'])
    assert.deepEqual([code, out, said], [2, '', 'There is no command dance. See "regal --help".\n'])
  })

  it('asks for a password on a terminal alone', async () => {
    const { said, code } = await regal(['user', 'password', 'kiran'])
    assert.equal(code, 2)
    assert.match(said, /give the password with --password-stdin/)
  })

  it('tells when there is no shop, and makes none', async () => {
    const { said, code } = await regal(['verify'], { DATABASE_URL: '', REGAL_DATA_DIR: '/nowhere/at/all' })
    assert.deepEqual([code, said.trim()], [1, 'There is no shop in /nowhere/at/all; "regal start" begins one.'])
  })

  it('tells when the database does not answer', async () => {
    const { said, code } = await regal(['user', 'list'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
    assert.deepEqual([code, said.trim()], [1, 'PostgreSQL does not answer at DATABASE_URL.'])
  })
})

describe('The program in an empty shop', () => {
  it('fills it, tells what it made and who may sign in, and finds that the books hold', async () => {
    const db = await createTestDatabase()
    try {
      const env = { DATABASE_URL: db.url }
      const filled = await regal(['demo', '--products', '2', '--customers', '2', '--days', '2'], env)
      assert.equal(filled.code, 0, filled.said)
      assert.match(filled.said, /^Products: 2 of 2$[\s\S]*^Days of business: 2 of 2$/m)
      assert.match(filled.out, /^ {2}The shop has 4 products and 2 customers\.[\s\S]* sales over the counter, /m)
      assert.match(filled.out, /^ {4}user name {2}hina {8}cashier {3}CITY$/m)
      assert.match(filled.out, /^ {4}password {3}\S{16}\n {4}PIN {8}\d{6}$/m)
      const again = await regal(['demo'], env)
      assert.deepEqual([again.code, /with --force/i.test(again.said)], [1, true])
      const verified = await regal(['verify'], env)
      assert.equal(verified.code, 0, verified.out)
    } finally {
      await db.drop()
    }
  })
})

describe('The program beside a running shop', function () {
  // Each test starts the program anew, which takes a second or two on a busy machine.
  this.timeout(60_000)
  let shop: Shop
  const run = (args: string[], input?: string) => regal(args, { DATABASE_URL: shop.db.url }, input)
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  it('adds a user who may sign in at once', async () => {
    const added = await run(
      [
        'user',
        'add',
        'Kiran',
        '--role',
        'cashier',
        '--email',
        'kiran@shop.test',
        '--branch',
        'MAIN',
        '--password-stdin'
      ],
      `${PASSWORD}\n`
    )
    assert.deepEqual([added.code, added.said], [0, ''])
    const token = await shop.signIn('kiran')
    const { body } = await shop.call('GET', '/auth/me', undefined, token)
    assert.deepEqual([body.user.role, body.user.branch_id], ['cashier', shop.branch])
  })

  it('sets a password, and ends what the old one opened', async () => {
    const token = await shop.signIn('kiran')
    const { code, out } = await run(['user', 'password', 'KIRAN', '--password-stdin'], 'another good password')
    assert.equal(code, 0)
    assert.doesNotMatch(out, /another good password/)
    const old = await shop.call('POST', '/auth/login', { username: 'kiran', password: PASSWORD })
    assert.equal(old.status, 401)
    await shop.signIn('kiran', 'another good password')
    const [open] = await shop.db.database.query(
      `select count(*) from sessions s join users u on u.id = s.user_id where u.username = 'Kiran' and ended_at is null`
    )
    assert.deepEqual(open, { count: 1 }, `the sign-in with ${token.slice(0, 5)}... is over`)
  })

  it('keeps the rules of the services', async () => {
    const short = await run(['user', 'password', 'kiran', '--password-stdin'], 'short')
    assert.deepEqual([short.code, short.said.trim()], [1, 'password: must have at least 10 characters'])
    const last = await run(['user', 'deactivate', 'admin'])
    assert.deepEqual([last.code, last.said.trim()], [1, 'The last active administrator stays.'])
  })

  it('deactivates a user, and lists all', async () => {
    assert.equal((await run(['user', 'deactivate', 'kiran'])).code, 0)
    const refused = await shop.call('POST', '/auth/login', { username: 'kiran', password: 'another good password' })
    assert.equal(refused.status, 401)
    const { out } = await run(['user', 'list'])
    assert.match(out, /^Kiran +cashier +MAIN +no +Kiran +kiran@shop\.test$/m)
    assert.match(out, /^admin +admin +all +yes /m)
  })

  it('shows the migrations', async () => {
    const { out, code } = await run(['migrate', '--status'])
    assert.equal(code, 0)
    assert.match(out, /^applied {2}0001_shop\.sql {2}\d{4}-/)
    assert.doesNotMatch(out, /^pending/m)
  })

  it('verifies the books, and ends with 1 when they do not hold', async () => {
    const sound = await run(['verify'])
    assert.equal(sound.code, 0, sound.out)
    assert.match(sound.out, /^ok +numbers +0 /m)
    await shop.db.database.query('update number_series set last_no = 5')
    const wrong = await run(['verify', 'numbers', 'stock'])
    assert.equal(wrong.code, 1)
    assert.match(wrong.out, /^ok +stock +0 .*\nBROKEN +numbers +1 .*\n +register [0-9a-f-]{36}$/m)
  })
})
