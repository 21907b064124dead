import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { openShop } from '../support/shop.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Ends a program that opens a connection: neither looks anything up, nor tells anybody of us. */
const GUARD = `import net from 'node:net'
net.Socket.prototype.connect = () => { process.stderr.write('opens a connection'); process.exit(99) }`

const guard = `--import=data:text/javascript,${encodeURIComponent(GUARD)}`
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }

const programs = {
  redocly: fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js')),
  spectral: fileURLToPath(import.meta.resolve('@stoplight/spectral-cli/dist/index.js'))
}

interface Outcome {
  code: number
  out: string
  errors: string
}

/** Runs a program with a file for its input: Spectral cannot wait for a pipe. */
async function run(program: keyof typeof programs, args: string[], file: string): Promise<Outcome> {
  const input = await open(file)
  const child = spawn(process.execPath, [guard, programs[program], ...args], {
    cwd: root,
    env,
    stdio: [input.fd, 'pipe', 'pipe']
  })
  const ended = new Promise<number>((done) => child.once('exit', (code) => done(code ?? -1)))
  const [out, errors, code] = await Promise.all([text(child.stdout!), text(child.stderr!), ended])
  await input.close()
  return { code, out, errors }
}

describe('the OpenAPI document, by the rules of others', function () {
  // Both start slowly, and the whole document takes them seconds where the machine has more to do.
  this.timeout(300_000)
  let folder: string
  let served: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regal-lint-'))
    const shop = await openShop()
    served = JSON.stringify((await shop.call('GET', '/openapi.json')).body)
    await shop.close()
  })
  after(() => rm(folder, { recursive: true, force: true }))

  async function fileOf(document: string): Promise<string> {
    const file = join(folder, 'openapi.json')
    await writeFile(file, document)
    return file
  }

  /** What Redocly finds, warnings included. */
  async function redocly(document: string): Promise<string[]> {
    const file = await fileOf(document)
    const { code, out, errors } = await run('redocly', ['lint', file, '--format=json', '--max-problems=1000'], file)
    assert.ok(code === 0 || code === 1, errors)
    const { problems } = JSON.parse(out) as { problems: { ruleId: string; location: { pointer: string }[] }[] }
    return problems.map(({ ruleId, location }) => `${ruleId} at ${location[0]?.pointer}`)
  }

  /** What Spectral finds, by its rules and those of OWASP, hints included. */
  async function spectral(document: string): Promise<string[]> {
    const args = ['lint', '--stdin-filepath=openapi.json', '--format=json', '--quiet', '--fail-severity=hint']
    const { code, out, errors } = await run('spectral', args, await fileOf(document))
    assert.ok(code === 0 || code === 1, errors)
    return (JSON.parse(out) as { code: string; path: string[] }[]).map(
      ({ code: rule, path }) => `${rule} at ${path.join('/')}`
    )
  }

  it('is clean in Redocly', async () => assert.deepEqual(await redocly(served), []))

  it('is clean in Spectral, with the rules of OWASP', async () => assert.deepEqual(await spectral(served), []))

  it('would be found at fault by both', async () => {
    const { paths, ...rest } = JSON.parse(served)
    const { operationId: _, responses, ...operation } = paths['/brands'].get
    const { 429: __, ...others } = responses
    const faulty = JSON.stringify({ ...rest, paths: { '/brands': { get: { ...operation, responses: others } } } })
    const [found, foundToo] = [await redocly(faulty), await spectral(faulty)]
    assert.ok(found.includes('operation-operationId at #/paths/~1brands/get/operationId'), found.join('\n'))
    assert.ok(
      foundToo.includes('owasp:api4:2023-rate-limit-responses-429 at paths//brands/get/responses'),
      foundToo.join('\n')
    )
  })
})
