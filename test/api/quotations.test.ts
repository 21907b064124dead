import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { resourceNamed } from '../../src/schemas/index.ts'
import { assertVerified, openBranch } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { Samples } from '../support/samples.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'

describe('Quotations', () => {
  let shop: Shop
  let samples: Samples
  let ways: Caller[]
  let rest: Caller
  let lines: Json[]
  let options: Json
  let customer_id: string

  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    ways = await Promise.all(transports.map((way) => caller(shop, way, shop.admin)))
    rest = ways[0]!
    options = await samples.create(resourceNamed('order-options'))
    lines = [
      { category_id: options.category_id, options: { Neck: 'Polo' }, quantity: 10, price: '8.00', discount: '4.00' }
    ]
    customer_id = (await samples.create(resourceNamed('customers'))).id
  })
  after(() => shop.close())

  const make = async (path: string, data: Json, as = rest): Promise<Json> => {
    const { status, body } = await as.create(path, data)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const quote = (fields: Json = {}, as = rest) =>
    make('quotations', { customer_id, valid_until: '2099-01-31', items: lines, team_name: 'Rowers', ...fields }, as)
  const move = async (id: string, ...states: string[]) => {
    for (const status of states) assert.equal((await rest.patch('quotations', id, { status })).status, 200, status)
  }
  const refused = ({ status, body }: { status: number; body: Json }, code: number, reason: string, path?: string) => {
    assert.deepEqual([status, body.data?.reason], [code, reason], JSON.stringify(body))
    if (path) assert.equal(body.errors?.[0]?.path, path)
  }

  it('are priced like orders, numbered, and changed as drafts alone', async () => {
    for (const one of ways) {
      const made = await quote({ discounts: '6.00' }, one)
      assert.match(made.quotation_no, /^MAIN-QU\d{6}$/)
      assert.deepEqual([made.status, made.totals.subtotal, made.totals.discount], ['draft', '100.00', '10.00'])
      const rushed = await one.patch('quotations', made.id, { rush_surcharge: '1.00' })
      assert.equal(rushed.body.totals.subtotal, '110.00')
      refused(await one.patch('quotations', made.id, { valid_until: '2020-01-01' }), 422, 'broken_rule', 'valid_until')
      await move(made.id, 'sent')
      for (const change of [{ notes: 'x' }, { items: lines }, { valid_until: '2099-02-01' }])
        refused(await one.patch('quotations', made.id, change), 409, 'quotation_not_draft')
      await move(made.id, 'draft')
      assert.equal((await one.patch('quotations', made.id, { notes: 'x' })).status, 200)
    }
    const data = { customer_id, items: lines }
    refused(await rest.create('quotations', { ...data, valid_until: '2020-01-01' }), 422, 'broken_rule', 'valid_until')
    refused(
      await rest.create('quotations', { ...data, valid_until: '2099-01-01', status: 'sent' }),
      400,
      'invalid_data',
      'status'
    )
  })

  it('move as they are drafted, sent and answered, and nowhere else', async () => {
    const states = ['draft', 'sent', 'approved', 'rejected', 'converted']
    const ways_there: Record<string, string[]> = {
      draft: [],
      sent: ['sent'],
      approved: ['sent', 'approved'],
      rejected: ['sent', 'rejected']
    }
    const allowed: Record<string, string[]> = { draft: ['sent'], sent: ['draft', 'approved', 'rejected'] }
    for (const [from, path] of Object.entries(ways_there)) {
      const { id } = await quote()
      await move(id, ...path)
      for (const to of states.filter((state) => state !== from && !allowed[from]?.includes(state)))
        for (const one of ways)
          refused(await one.patch('quotations', id, { status: to }), 409, 'move_not_allowed', 'status')
    }
  })

  it('become an order once approved, with the prices that were quoted, and once', async () => {
    const { id } = await quote({ discounts: '6.00', rush_surcharge: '0.50', notes: 'by boat' })
    const order = (fields: Json = {}) => rest.create('custom-orders', { customer_id, quotation_id: id, ...fields })
    refused(await order(), 409, 'quotation_not_approved')
    await move(id, 'sent')
    refused(await order(), 409, 'quotation_not_approved')
    await move(id, 'approved')
    const quoted = (await rest.get('quotations', id)).body
    // What the options cost by now does not matter.
    const groups = [{ name: 'Neck', options: [{ name: 'Polo', surcharge: '90.00' }] }]
    assert.equal((await rest.patch('order-options', options.id, { groups })).status, 200)
    const stranger = await samples.create(resourceNamed('customers'))
    refused(await order({ customer_id: stranger.id }), 422, 'broken_rule', 'customer_id')
    refused(await order({ items: lines }), 400, 'invalid_data', 'items')
    refused(await order({ discounts: '1.00' }), 400, 'invalid_data', 'discounts')
    refused(await order({ quotation_id: uuidv7() }), 422, 'unknown_reference', 'quotation_id')
    refused(await rest.create('custom-orders', { customer_id }), 400, 'invalid_data', 'items')
    const made = await Promise.all(Array.from({ length: 5 }, () => order({ required_by: '2099-03-01' })))
    assert.deepEqual(made.map(({ status }) => status).sort(), [201, 409, 409, 409, 409])
    const { body } = made.find(({ status }) => status === 201)!
    for (const name of ['subtotal', 'discount', 'tax', 'total'])
      assert.equal(body.totals[name], quoted.totals[name], name)
    assert.deepEqual(
      [body.team_name, body.notes, body.required_by, body.items[0].unit_price],
      ['Rowers', 'by boat', '2099-03-01', quoted.items[0].unit_price]
    )
    assert.equal((await rest.get('quotations', id)).body.status, 'converted')
    await assertVerified(shop.db.database)
  })

  it('are not converted after their last day', async () => {
    const { id } = await quote()
    await move(id, 'sent', 'approved')
    await shop.db.database.query(`update quotations set valid_until = '2020-01-31' where id = $1`, [id])
    refused(await rest.create('custom-orders', { customer_id, quotation_id: id }), 409, 'quotation_expired')
  })

  it('are for who books orders, at their branch', async () => {
    const { id } = await quote()
    await move(id, 'sent', 'approved')
    const { branch } = await openBranch(shop)
    const till = await caller(shop, 'rest', (await shop.user('cashier')).token)
    const elsewhere = await caller(shop, 'rest', (await shop.user('employee', branch)).token)
    refused(await till.get('quotations', id), 403, 'not_allowed')
    refused(
      await till.create('custom-orders', { customer_id, quotation_id: id }),
      422,
      'unknown_reference',
      'quotation_id'
    )
    refused(await elsewhere.get('quotations', id), 404, 'not_found')
    const stolen = { customer_id, quotation_id: id }
    refused(await elsewhere.create('custom-orders', stolen), 422, 'unknown_reference', 'quotation_id')
    const booker = await caller(shop, 'rest', (await shop.user('employee')).token)
    assert.equal((await booker.create('custom-orders', stolen)).status, 201)
  })
})
