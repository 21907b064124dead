import assert from 'node:assert/strict'
import { type Asking, asking } from '../support/asking.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'

const GOODS: [sku: string, name: string, barcode?: string][] = [
  ['CAF', 'Espresso cups, set of six', '4006381333931'],
  ['CAF-10', 'Café crème, 1 kg'],
  ['CAF-11', 'Decaf, 500 g'],
  ['X-CAF', 'Filter paper'],
  ['TEA-1', 'Darjeeling first flush'],
  ['TEA-2', 'Darjeeling second flush'],
  ['CHO-1', 'Chocolate bar dark 70%'],
  ['CHO-2', 'Chocolate bar milk'],
  ['ODD-1', 'Back\\slash_and%percent']
]

describe('A search', () => {
  let shop: Shop
  let asks: Asking

  before(async () => {
    shop = await openShop()
    asks = asking(shop)
    for (const [sku, name, barcode = null] of GOODS) {
      const data = { sku, name, barcode, unit_price: '1.00', cost_price: '0.50' }
      const { status, body } = await shop.call('POST', '/products', data, shop.admin)
      assert.equal(status, 201, JSON.stringify(body))
    }
  })
  after(() => shop.close())

  const skus = async ($search: string, query: Json = {}, path = 'products') =>
    (await asks.list(path, { $search, ...query })).data.map(({ sku }: Json) => sku)

  it('puts the exact code first, then what begins with it, then what has it somewhere', async () => {
    const [exact, ...others] = await skus('CAF')
    assert.equal(exact, 'CAF')
    assert.deepEqual([others.slice(0, 2).sort(), others.slice(2)], [['CAF-10', 'CAF-11'], ['X-CAF']])
    assert.deepEqual((await skus('caf'))[0], 'CAF')
    assert.deepEqual(await skus('4006381333931'), ['CAF'])
    assert.deepEqual((await skus('chocolate bar')).sort(), ['CHO-1', 'CHO-2'])
    assert.equal((await skus('chocolate bar dark'))[0], 'CHO-1')
  })

  it('finds all words in any order and case, as far as eight', async () => {
    assert.deepEqual(await skus('flush  DARJEELING first'), ['TEA-1'])
    assert.deepEqual(await skus('  crème café '), ['CAF-10'])
    // The same letters, written in another way of Unicode.
    assert.deepEqual(await skus('cafe\u0301'), ['CAF-10'])
    assert.deepEqual(await skus('darjeeling chocolate'), [])
  })

  it('takes what a pattern is made of as itself', async () => {
    for (const text of ['70%', '\\slash', '_and%', '%percent'])
      assert.equal((await skus(text, { $sort: { sku: 1 } })).length, 1, text)
    assert.deepEqual(await skus("'; drop table products; --"), [])
  })

  it('finds what is spelt alike where nothing has the words, the likest first', async () => {
    for (const text of ['darjeling first', 'darjeelign first flush', 'Darjeelin first'])
      assert.equal((await skus(text))[0], 'TEA-1', text)
    assert.deepEqual((await skus('choclate')).sort(), ['CHO-1', 'CHO-2'])
    assert.deepEqual(await skus('zzzzzz'), [])
    // Something has the word as it is: nobody is asked what is like it.
    assert.deepEqual(await skus('decaf'), ['CAF-11'])
  })

  it('counts what it lists, page by page, and past the last', async () => {
    for (const text of ['caf', 'choclate']) {
      const whole = await asks.list('products', { $search: text })
      assert.equal(whole.total, whole.data.length)
      for (const total of ['exact', 'estimated'])
        assert.equal(
          (await asks.list('products', { $search: text, $limit: 0, $total: total })).total,
          whole.total,
          text
        )
      const pages: Json[] = []
      for (let $skip = 0; $skip < whole.total; $skip++) {
        const page = await asks.list('products', { $search: text, $skip, $limit: 1 })
        assert.equal(page.total, whole.total)
        pages.push(...page.data)
      }
      assert.deepEqual(pages, whole.data)
    }
    const past = await asks.list('products', { $search: 'caf', $skip: 100 })
    assert.deepEqual(past, { total: 4, limit: 50, skip: 100, data: [] })
    assert.deepEqual(await asks.list('products', { $search: 'zzzzzz', $limit: 0, $total: false }), {
      limit: 0,
      skip: 0,
      data: []
    })
  })

  it('keeps an order that is asked for, and goes with filters', async () => {
    assert.deepEqual(await skus('caf', { $sort: { sku: -1 } }), ['X-CAF', 'CAF-11', 'CAF-10', 'CAF'])
    assert.deepEqual(await skus('caf', { sku: { $gt: 'CAF-10' } }), ['CAF-11', 'X-CAF'])
    assert.deepEqual(await skus('caf', { $or: [{ sku: 'CAF' }, { name: 'Filter paper' }] }), ['CAF', 'X-CAF'])
    assert.deepEqual(await skus('   '), await skus(''), 'no words are no search')
    assert.equal((await skus('')).length, GOODS.length)
  })

  it('is refused where nothing is searched, and beyond its length', async () => {
    await asks.refused('payments', { $search: 'x' }, '$search')
    await asks.refused('products', { $search: 'x'.repeat(201) }, '$search')
    await asks.refused('products', { $search: ['x'] }, '$search')
    assert.deepEqual(await skus('x'.repeat(200)), [])
    assert.deepEqual(await skus('caf '.repeat(50).trim()), await skus('caf caf caf caf caf caf caf caf'))
  })
})
