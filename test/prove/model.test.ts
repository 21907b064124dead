import assert from 'node:assert/strict'
import fc from 'fast-check'
import { openShop, type Shop } from '../support/shop.ts'
import { bookkeeper } from './model/books.ts'
import { draw, drawAtOnce } from './model/draws.ts'
import { play, type Tally } from './model/run.ts'

const MINUTES = 60_000
const seed = Number(process.env.REGAL_SEED ?? Math.floor(Math.random() * 2 ** 31))
/** How many commands at least, in both modes together. */
const wanted = Number(process.env.REGAL_MODEL_COMMANDS ?? 2000)

function told({ commands, done }: Tally): string {
  const ways = Object.keys(done)
  const refusals = ways.filter((way) => /: \d/.test(way)).length
  return `      ${commands} commands, answered in ${ways.length - refusals} ways and refused in ${refusals}\n`
}

describe(`Any day of a shop, compared with a plain model (REGAL_SEED=${seed})`, () => {
  let shop: Shop
  let findings: () => Promise<string[]>
  before(async () => {
    shop = await openShop()
    findings = bookkeeper(shop.db.database)
  })
  after(() => shop.close())

  /** Plays sequences until there were enough commands; one that fails is made smaller for some minutes and printed. */
  async function holds(bursts: fc.Arbitrary<Parameters<typeof play>[2]>, enough: number): Promise<Tally> {
    const tally: Tally = { commands: 0, done: {} }
    for (let round = 0; tally.commands < enough; round++) {
      const rules = fc.nat(11)
      const property = fc.asyncProperty(rules, bursts, async (drawn, sequence) => {
        const failed = await play(shop, drawn, sequence, tally).then(
          () => undefined,
          (error: unknown) => error
        )
        const wrong = await findings()
        if (failed) throw failed
        assert.deepEqual(wrong, [], 'what regal verify finds')
      })
      await fc.assert(property, {
        seed: seed + round,
        numRuns: 1,
        unbiased: true,
        interruptAfterTimeLimit: 4 * MINUTES
      })
    }
    return tally
  }

  it('one after the other', async () => {
    const one = draw.map((drawn) => [drawn])
    const tally = await holds(fc.array(one, { minLength: 1, maxLength: 160, size: 'max' }), wanted * 0.6)
    process.stdout.write(told(tally))
  }).timeout(5 * MINUTES)

  it('several at once, in some order', async () => {
    const burst = fc.array(drawAtOnce, { minLength: 2, maxLength: 6, size: 'max' })
    const tally = await holds(fc.array(burst, { minLength: 1, maxLength: 40, size: 'max' }), wanted * 0.4)
    process.stdout.write(told(tally))
  }).timeout(5 * MINUTES)
})
