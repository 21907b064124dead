import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { program } from '../../src/cli/program.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { all, workbook } from '../transfer/support.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/regal.js', import.meta.url))

describe('The program, with files,', () => {
  let shop: Shop
  let folder: string
  before(async () => {
    shop = await openShop()
    folder = await mkdtemp(join(tmpdir(), 'regal-files-'))
  })
  after(async () => {
    await shop.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function regal(...args: string[]) {
    const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, DATABASE_URL: shop.db.url } })
    const [out, said, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((done) => child.once('close', done))
    ])
    return { out, said, code }
  }

  it('imports a workbook, by a mapping, and says which rows failed', async () => {
    const path = join(folder, 'goods.xlsx')
    const rows = [
      ['Artikel', 'name', 'unit_price', 'cost_price', 'note'],
      ['A1', 'Tea', 2.5, 1, 'x'],
      ['A2', null, 1, 1, null]
    ]
    await writeFile(path, await workbook(rows))
    const args = ['import', 'products', path, '--map', 'Artikel=sku', '--map', 'note=']
    const trial = await regal(...args, '--dry-run')
    assert.match(trial.out, /^On trial: 1 created/, trial.said)
    assert.deepEqual(await all(shop, 'products'), [])
    const { out, code } = await regal(...args)
    assert.equal(code, 1)
    assert.match(out, /1 created, 0 updated, 0 unchanged, 1 failed\.\n {2}row 3, name: must not be null|is required/)
    const [product] = await all(shop, 'products')
    assert.deepEqual([product!.sku, product!.unit_price], ['A1', '2.50'])
  }).timeout(60_000)

  it('exports what is asked for, to a file', async () => {
    const path = join(folder, 'out.csv')
    const { said, code } = await regal('export', 'products', '--query', 'sku=A1&$select=sku', '--out', path)
    assert.equal(code, 0, said)
    assert.match(await readFile(path, 'utf8'), /^\ufeffid,sku\r\n[0-9a-f-]{36},A1\r\n$/)
  }).timeout(60_000)

  const misunderstood: [args: string[], sentence: RegExp][] = [
    [['import'], /Name a resource and a file/],
    [['import', 'nothing', 'a.csv'], /Nothing can be imported into nothing/],
    [['import', 'products', 'a.csv', '--map', 'sku'], /--map looks like/],
    [['import', 'products', 'none.csv'], /There is no file none\.csv/],
    [['export', 'nothing'], /There is no resource nothing/]
  ]
  for (const [args, sentence] of misunderstood)
    it(`does not understand "${args.join(' ')}"`, () =>
      assert.rejects(
        program(args, () => {}),
        sentence
      ))
})
