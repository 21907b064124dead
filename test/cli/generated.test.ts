import assert from 'node:assert/strict'
import { join } from 'node:path'
import { io, type Socket } from 'socket.io-client'
import { type Child, startChild } from '../support/child.ts'
import { openScratch, type Ran, type Scratch } from '../support/scratch.ts'
import { type Json, PASSWORD } from '../support/shop.ts'

const CARDS = [
  'code:text:unique:max=20:search',
  'value:money:positive',
  'holder:customers:optional',
  'expires_on:date:optional'
]
const REPAIRS = [
  'card:gift-cards',
  'product:products:optional',
  'branch:branches:default=branch',
  'done:flag:default=false'
]
const RIGHTS = ['--allow', 'cashier:read,create', '--allow', 'employee:read,create,update']

const succeeded = ({ code, said, out }: Ran) => assert.equal(code, 0, said + out)

describe('What was generated', function () {
  // Each step starts programs anew, which takes seconds on a busy machine.
  this.timeout(300_000)
  let scratch: Scratch
  let server: Child
  let admin: string
  let cashier: string
  const sockets: Socket[] = []
  const place = () => ({ DATABASE_URL: '', REGAL_DATA_DIR: join(scratch.root, 'data'), REGAL_ADMIN_PASSWORD: PASSWORD })

  async function start(): Promise<void> {
    server = await startChild('', { ...place(), REGAL_JWT_SECRET: '' }, scratch.root)
    admin = (await server.signIn()).access_token
  }
  async function stop(): Promise<void> {
    server.process.kill('SIGTERM')
    assert.equal((await server.ended).code, 0)
  }
  async function post(path: string, data: Json, as = admin): Promise<Json> {
    const { status, body } = await server.call('POST', path, data, as)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  async function socket(token: string): Promise<Socket> {
    const client = io(server.url, { transports: ['websocket'], forceNew: true, reconnection: false, auth: { token } })
    sockets.push(client)
    await new Promise<void>((done, failed) => client.once('connect', done).once('connect_error', failed))
    return client
  }
  const emit = (client: Socket, ...args: unknown[]) =>
    new Promise<Json>((done, failed) =>
      client.emit(args[0] as string, ...args.slice(1), (error: Json | null, result: Json) =>
        error ? failed(new Error(JSON.stringify(error))) : done(result)
      )
    )
  const next = (client: Socket, event: string) => new Promise<Json>((done) => client.once(event, done))

  before(async () => {
    scratch = await openScratch()
  })
  after(async () => {
    for (const client of sockets) client.disconnect()
    await server?.kill()
    await scratch.remove()
  })

  it('is written in one command each', async () => {
    succeeded(await scratch.regal(['generate', 'resource', 'gift-cards', ...CARDS, '--service']))
    succeeded(await scratch.regal(['generate', 'resource', 'repairs', ...REPAIRS, ...RIGHTS]))
    succeeded(await scratch.regal(['generate', 'field', 'repairs', 'note:text:optional:max=300']))
    succeeded(await scratch.regal(['generate', 'hook', 'note-repairs', '--of', 'repairs']))
    const report = ['--of', 'repairs', '--group', 'card.code,created_at:month', '--max', 'created_at']
    succeeded(await scratch.regal(['generate', 'report', 'repairs-by-card', ...report]))
    assert.match(
      await scratch.read('src/schemas/gift-cards.ts'),
      /^ {4}code: text\(\{ max: 20, unique: true, search: true \}\),$/m
    )
    assert.match(
      await scratch.read('src/policy/matrix.ts'),
      /'gift-cards': \{ admin: all, employee: none, cashier: none \}/
    )
  })

  it('compiles, and is formatted', async () => {
    succeeded(await scratch.run(['node_modules/typescript/bin/tsc', '--noEmit']))
    const biome = ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--vcs-enabled=false']
    succeeded(await scratch.run([...biome, '--vcs-use-ignore-file=false', 'src', 'test']))
  })

  it('is served over REST and websocket, each told of the other', async () => {
    await start()
    const live = await socket(admin)
    const told = next(live, 'gift-cards created')
    const made = await post('/gift-cards', { code: 'A-1', value: '25' })
    assert.deepEqual([made.code, made.value, made.version], ['A-1', '25.00', 1])
    assert.deepEqual(await told, made)
    assert.deepEqual(await emit(live, 'get', 'gift-cards', made.id, {}), made)
    const sent = await emit(live, 'create', 'gift-cards', { code: 'B-2', value: '10.5' }, {})
    const { body } = await server.call('GET', '/gift-cards?$search=b-2', undefined, admin)
    assert.deepEqual(body.data, [sent])
    assert.equal((await server.call('POST', '/gift-cards', { code: 'A-1', value: 1 }, admin)).status, 409)
    const trail = await server.call('GET', `/audit-logs?record_id=${made.id}`, undefined, admin)
    assert.deepEqual([trail.body.data[0].action, trail.body.data[0].resource], ['create', 'gift-cards'])
  })

  it('is described, for machines and for user interfaces', async () => {
    const { body: document } = await server.call('GET', '/openapi.json')
    assert.ok(document.paths['/gift-cards'].post && document.paths['/repairs/{id}'].patch)
    const { body: descriptors } = await server.call('GET', '/schema', undefined, admin)
    assert.ok(descriptors.some(({ name }: Json) => name === 'gift-cards'))
  })

  it("is the administrator's alone, unless more was allowed", async () => {
    const { body: roles } = await server.call('GET', '/roles?name=cashier', undefined, admin)
    const { body: branches } = await server.call('GET', '/branches', undefined, admin)
    const person = { full_name: 'Cass', email: 'cass@shop.test', username: 'cass', password: PASSWORD }
    await post('/users', { ...person, role_id: roles.data[0].id, branch_id: branches.data[0].id })
    cashier = (await server.signIn('cass')).access_token
    for (const method of ['GET', 'POST'])
      assert.equal((await server.call(method, '/gift-cards', method === 'POST' ? {} : undefined, cashier)).status, 403)

    const { body: cards } = await server.call('GET', '/gift-cards', undefined, admin)
    const live = await socket(cashier)
    const told = next(live, 'repairs created')
    const repair = await post('/repairs', { card_id: cards.data[0].id, note: 'a strap' }, cashier)
    assert.deepEqual([repair.branch_id, repair.done], [branches.data[0].id, false])
    assert.deepEqual(await told, repair)
    assert.equal((await server.call('PATCH', `/repairs/${repair.id}`, { done: true }, cashier)).status, 403)
    // Of another branch, so out of the cashier's reach.
    const other = await post('/branches', { name: 'Other', code: 'OTH', timezone: 'UTC' })
    await post('/repairs', { card_id: cards.data[0].id, branch_id: other.id })
    const { body: seen } = await server.call('GET', '/repairs', undefined, cashier)
    assert.deepEqual(seen.data, [repair])
    // Of a report those that they may read; and this one names gift cards, which they may not.
    assert.equal((await server.call('GET', '/reports/repairs-by-card', undefined, cashier)).status, 403)
    const { body: report } = await server.call('GET', '/reports/repairs-by-card', undefined, admin)
    assert.deepEqual([report.total, report.data[0].group['card.code']], [1, cards.data[0].code])
  })

  it('keeps every value when a field is renamed', async () => {
    const { body: before } = await server.call('GET', '/gift-cards', undefined, admin)
    assert.equal(before.data.length, 2)
    await stop()
    succeeded(await scratch.regal(['rename', 'field', 'gift-cards', 'code', 'card_no']))
    const definition = await scratch.read('src/schemas/gift-cards.ts')
    assert.match(definition, /card_no: text\(\{ id: 'code', max: 20/)
    assert.match(definition, /label: 'card_no',\n {2}sort: \{ card_no: 1 \}/)
    assert.match(await scratch.read('src/reports/repairs-by-card.ts'), /'card\.card_no'/)
    succeeded(await scratch.regal(['migrate'], place()))
    await start()
    const { body: after } = await server.call('GET', '/gift-cards', undefined, admin)
    const renamed = before.data.map(({ code, ...rest }: Json) => ({ ...rest, card_no: code }))
    assert.deepEqual(after.data, renamed)
    assert.equal((await server.call('GET', '/gift-cards?code=A-1', undefined, admin)).status, 400)
    const checked = await scratch.regal(['migrate', 'check'], place())
    succeeded(checked)
    assert.match(checked.out, /Definitions, snapshot and database agree/)
  })

  it('is covered by the suites that hold every resource, without a line written by hand', async () => {
    await stop()
    const suites = ['test/api/conformance*.test.ts', 'test/api/matrix*.test.ts', 'test/policy/rules.test.ts']
    const args = ['node_modules/mocha/bin/mocha.js', ...suites, '--grep', 'gift-cards|repairs', '--jobs', '2']
    const ran = await scratch.run(args)
    assert.equal(ran.code, 0, ran.out)
    assert.ok(Number(/(\d+) passing/.exec(ran.out)?.[1]) > 80, ran.out)
    const examples = ['test/docs/openapi.test.ts', '--grep', 'an example that its definition takes']
    const whole = await scratch.run(['node_modules/mocha/bin/mocha.js', ...examples])
    assert.equal(whole.code, 0, whole.out)
  })
})
