import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openShop, PASSWORD, type Shop } from '../support/shop.ts'

const run = promisify(execFile)
const TILL = fileURLToPath(new URL('../../examples/till.ts', import.meta.url))

describe('The example till', function () {
  // Programs are started, which takes a while on a busy machine.
  this.timeout(120_000)

  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const till = (env: Record<string, string>) =>
    run(process.execPath, ['--import', 'tsx', TILL], {
      env: { ...process.env, NODE_OPTIONS: '', REGAL_URL: shop.url, ...env }
    })

  it('sells over both transports, each sale once though the line broke, and can be run again', async () => {
    for (const run of [1, 2]) {
      const { stdout } = await till({ REGAL_PASSWORD: PASSWORD })
      const [stocked, ...lines] = stdout.trim().split('\n')
      assert.match(stocked!, /^in stock: /)
      assert.deepEqual(
        lines.map((line) => line.replace(/ (12|4)\.50$/, '')),
        [
          'sold over REST:',
          'sold over REST, though the line broke:',
          'sold over a socket:',
          'sold over a socket, though the line broke:',
          'the line broke 2 times; sales asked for: 4, made: 4, heard of in the office: 4'
        ],
        `run ${run}`
      )
    }
    const { body } = await shop.call('GET', '/invoices', undefined, shop.admin)
    assert.equal(body.total, 8)
    const levels = await shop.call('GET', '/stock-levels', undefined, shop.admin)
    assert.deepEqual(levels.body.data.map((level: { on_hand: number }) => level.on_hand).sort(), [12, 20])
  })

  it('says what is missing, or wrong', async () => {
    await assert.rejects(till({ REGAL_PASSWORD: '' }), { code: 1, stdout: /^Set REGAL_PASSWORD / })
    await assert.rejects(till({ REGAL_PASSWORD: 'wrong' }), { code: 1, stdout: /\(invalid_login\)\n$/ })
  })
})
