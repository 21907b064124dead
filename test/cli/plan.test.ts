import assert from 'node:assert/strict'
import { Agenda } from '../../src/cli/demo/agenda.ts'
import { MOST_PRODUCTS } from '../../src/cli/demo/names.ts'
import { planCustomers, planProducts } from '../../src/cli/demo/plan.ts'
import { randomOf } from '../../src/cli/demo/random.ts'
import { isEan13 } from '../../src/domain/ean.ts'
import { momentOf } from '../../src/policy/call.ts'

describe('The plan of a demo', () => {
  it('is the same for the same seed and another for another', () => {
    const plan = (seed: number) => {
      const random = randomOf(seed)
      return [planProducts(50, 1, random), planCustomers(20, random)]
    }
    assert.deepEqual(plan(3), plan(3))
    assert.notDeepEqual(plan(3), plan(4))
  })

  it('names every product once, and each has a barcode that scans', () => {
    const products = planProducts(MOST_PRODUCTS, 1, randomOf(1))
    assert.equal(new Set(products.map(({ name }) => name)).size, MOST_PRODUCTS)
    assert.equal(new Set(products.map(({ sku }) => sku)).size, MOST_PRODUCTS)
    for (const { barcode, price, cost } of products) {
      assert.ok(isEan13(barcode), barcode)
      assert.ok(cost > 0n && cost < price)
    }
  })

  it('happens in the order of time, and never twice at one instant', async () => {
    const agenda = new Agenda()
    const happened: [string, number][] = []
    const note = (name: string, at: number) =>
      agenda.note(at, async (when) => void happened.push([name, when.getTime()]))
    note('late', 5000)
    note('first', 1000)
    note('second', 1000)
    agenda.note(2000, async (when) => note('after', when.getTime() + 1000))
    await agenda.run(5000)
    assert.deepEqual(happened, [
      ['first', 1000],
      ['second', 1001],
      ['after', 3000]
    ])
    await agenda.run(9000)
    assert.deepEqual(happened.at(-1), ['late', 5000])
  })

  it('gives past instants to calls inside the process alone', () => {
    const at = new Date('2026-01-01T00:00:00Z')
    assert.equal(momentOf({ at }), at)
    assert.equal(momentOf({ at, provider: 'rest' }), undefined)
    assert.equal(momentOf({ at, provider: 'socketio' }), undefined)
  })
})
