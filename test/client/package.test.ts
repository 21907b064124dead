import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createContext, runInContext } from 'node:vm'
import { buildClient, printedTypes } from '../../scripts/client-package.ts'
import { openShop, PASSWORD, type Shop } from '../support/shop.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

/** Compiles a folder without writing anything. Answers what the compiler says: nothing when all is well. */
async function complaints(folder: string, compilerOptions: object): Promise<string> {
  const config = { compilerOptions: { noEmit: true, strict: true, module: 'NodeNext', ...compilerOptions } }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...config, include: ['*.ts'] }))
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  return run(process.execPath, [compiler, '-p', folder]).then(
    () => '',
    ({ stdout }) => stdout
  )
}

const SAME = `
import type { Resources as Inferred } from '../../src/client/resources.ts'
import type { Resources as Printed } from './printed.ts'
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Different = { [N in keyof Inferred]: { [K in keyof Inferred[N]]: N extends keyof Printed
  ? K extends keyof Printed[N] ? Same<Inferred[N][K], Printed[N][K]> extends true ? never : \`\${N}.\${K & string}\` : 'missing' : 'missing'
}[keyof Inferred[N]] }[keyof Inferred]
export const none: Same<Different, never> = true
export const names: Same<keyof Inferred, keyof Printed> = true
export const assignable = (inferred: Inferred, printed: Printed): [Printed, Inferred] => [inferred, printed]
`

/** What a till's program might be, with the types of the package alone. */
const CONSUMER = `
import { isRegalError, regalClient, type Create, type RegalClient, type Row } from 'regal-client'
declare const process: { env: Record<string, string>; exit(code: number): void }
declare const console: { log(text: string): void }

const line: Create<'invoices'>['items'][number] = { sku: 'TEA', quantity: 2 }
// @ts-expect-error a quantity is a number
const wrong: typeof line = { sku: 'TEA', quantity: '2' }

export async function sell(regal: RegalClient<'rest'> | RegalClient<'socket'>, sku: string): Promise<string> {
  const product = await regal.service('products').create({ sku, name: sku, unit_price: '12.50', cost_price: '7.00' })
  await regal.service('stock-entries').create({ product_id: product.id, type: 'IN', qty: 10 })
  const { data } = await regal.service('products').find({ query: { sku, $include: ['vendor'], $sort: { name: 1 } } })
  const vendor: Row<'vendors'> | null | undefined = data[0]?.vendor
  const sale = await regal.service('invoices').create({
    items: [{ ...line, sku }],
    payments: [{ method: 'cash', amount: '25.00', tendered: '30.00' }]
  })
  // @ts-expect-error what was sold stays
  regal.service('invoices').remove
  return [vendor === null, sale.totals.change, sale.items[0]?.name].join(' ')
}

for (const transport of ['rest', 'socket'] as const) {
  const regal = regalClient({ url: process.env.URL!, transport })
  await regal.login('admin', process.env.PASSWORD!)
  const heard: string[] = []
  if (transport === 'socket') {
    const live = regal as RegalClient<'socket'>
    live.service('products').on('created', ({ sku }) => heard.push(sku))
  }
  console.log(await sell(regal, transport))
  await regal.service('products').get('none').catch((error: unknown) => {
    if (isRegalError(error)) console.log([error.name, error.reason].join(' '))
  })
  console.log(heard.join())
  await regal.logout()
  regal.close()
}
void wrong
`

describe('The package of the client', function () {
  // Compilers and programs are started, which takes a while on a busy machine.
  this.timeout(120_000)

  let folder: string
  const there = (...path: string[]) => join(folder, ...path)

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regal-client-'))
    await buildClient(there('built'))
    const pack = ['pack', there('built'), '--pack-destination', folder, '--ignore-scripts', '--offline', '--silent']
    await run('npm', pack, { cwd: folder })
    const [packed] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
    await mkdir(there('till/node_modules/regal-client'), { recursive: true })
    await run('tar', ['-xzf', there(packed!), '--strip-components=1', '-C', there('till/node_modules/regal-client')])
    for (const name of ['@feathersjs', 'socket.io-client'])
      await symlink(join(ROOT, 'node_modules', name), there('till/node_modules', name), 'dir')
    await writeFile(there('till/package.json'), '{ "type": "module" }')
    await writeFile(there('till/till.ts'), CONSUMER)
  })
  after(() => rm(folder, { recursive: true, force: true }))

  /** What the files of the package import, of those with this ending. */
  async function importsOf(ending: string): Promise<string[]> {
    const names = (await readdir(there('built'))).filter((file) => file.endsWith(ending))
    const texts = await Promise.all(names.map((name) => readFile(there('built', name), 'utf8')))
    return texts.flatMap((text) =>
      [...text.matchAll(/\b(?:from|import\() ?['"]([^'"]+)['"]/g)].map(([, from]) => from!)
    )
  }

  it('has the types that the definitions give, printed', async () => {
    await mkdir(join(ROOT, '.tmp'), { recursive: true })
    const place = await mkdtemp(join(ROOT, '.tmp/same-'))
    try {
      const options = { target: 'ES2022', allowImportingTsExtensions: true, skipLibCheck: true, types: ['node'] }
      await writeFile(join(place, 'same.ts'), SAME)
      await writeFile(join(place, 'printed.ts'), printedTypes())
      assert.equal(await complaints(place, options), '')
      const other = printedTypes().replace('unit_price?: string', 'unit_price: string')
      await writeFile(join(place, 'printed.ts'), other)
      assert.match(await complaints(place, options), /error TS2322/)
    } finally {
      await rm(place, { recursive: true, force: true })
    }
  })

  it('says what the definitions say, in comments', async () => {
    const types = printedTypes()
    for (const comment of [
      '/** A sale. An issued invoice never changes except for its payments and status. */',
      '/** The total the till showed; a sale whose total differs is refused. An amount as text, such as "12.50". */',
      '/** The id of one of `vendors`. */'
    ])
      assert.ok(types.includes(comment), comment)
  })

  it('needs Feathers’ client packages and nothing else', async () => {
    const manifest = JSON.parse(await readFile(there('till/node_modules/regal-client/package.json'), 'utf8'))
    const needed = Object.keys(manifest.dependencies).sort()
    for (const name of needed) assert.match(name, /^@feathersjs\/|^socket\.io-client$/)
    const imported = await importsOf('.js')
    assert.deepEqual([...new Set(imported.filter((from) => !from.startsWith('./')))].sort(), needed)
    for (const from of await importsOf('.d.ts')) assert.match(from, /^\.\/[a-z]+\.js$/)
  })

  it('compiles in a strict program, its declarations checked too', async () => {
    const options = { target: 'ES2022', lib: ['ES2022'], types: [], skipLibCheck: false }
    const strict = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true }
    assert.equal(await complaints(there('till'), { ...options, ...strict }), '')
  })

  describe('with a server', () => {
    let shop: Shop
    before(async () => {
      shop = await openShop()
    })
    after(() => shop.close())

    it('sells from plain Node over both transports', async () => {
      const { outputFiles } = await bundle({ packages: 'external', platform: 'node', format: 'esm' })
      await writeFile(there('till/till.js'), outputFiles[0]!.text)
      const env = { ...process.env, URL: shop.url, PASSWORD, NODE_OPTIONS: '' }
      const { stdout } = await run(process.execPath, [there('till/till.js')], { env })
      const sold = (sku: string) => `true 5.00 ${sku}\nBadRequest invalid_id\n`
      assert.equal(stdout, `${sold('rest')}\n${sold('socket')}socket\n`)
    })

    it('sells from a browser: bundled, with nothing of Node', async () => {
      await writeFile(there('till/web.ts'), "export { regalClient } from 'regal-client'")
      const { outputFiles, warnings } = await bundle(
        { platform: 'browser', format: 'iife', globalName: 'web' },
        'web.ts'
      )
      assert.deepEqual(warnings, [])
      const { AbortSignal, fetch, URL, setTimeout, clearTimeout, crypto } = globalThis
      const page = createContext({ AbortSignal, fetch, URL, setTimeout, clearTimeout, crypto })
      runInContext(`${outputFiles[0]!.text}; globalThis.regalClient = web.regalClient`, page)
      const regal = runInContext(`regalClient({ url: '${shop.url}' })`, page)
      assert.equal((await regal.login('admin', PASSWORD)).username, 'admin')
      const { total } = await regal.service('payment-methods').find({ query: { code: 'cash' } })
      assert.equal(total, 1)
    })
  })

  interface Bundle {
    outputFiles: { text: string }[]
    warnings: unknown[]
  }
  /** esbuild is here for tsx; it fails on anything of Node where the platform is a browser. */
  async function bundle(options: object, entry = 'till.ts'): Promise<Bundle> {
    const ofTsx = createRequire(join(ROOT, 'node_modules/tsx/package.json'))
    const { build } = ofTsx('esbuild') as { build(options: object): Promise<Bundle> }
    const entryPoints = [there('till', entry)]
    return build({
      entryPoints,
      bundle: true,
      write: false,
      logLevel: 'silent',
      absWorkingDir: there('till'),
      ...options
    })
  }
})
