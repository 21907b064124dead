import assert from 'node:assert/strict'
import { assertBooks, assertNoCost, assertSums, onHand, openBranch } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

type Role = 'admin' | 'employee' | 'cashier'
/** One call that must be refused, and what it is answered with. */
interface Refusal {
  name: string
  by?: Role[]
  data: (world: World) => Json
  status: number
  reason: string
  path?: string
}
interface World {
  product: Json
  /** Sold in another branch only. */
  elsewhere: Json
  inactive: Json
  /** A register, customer and salesman that are not active, and those of another branch. */
  closed: Json
  other: Json
}

const cash = (amount: unknown, more: Json = {}) => ({ payments: [{ method: 'cash', amount, ...more }] })
/** A sale of one piece at 10.00, with changes to its line and its document. */
const sale =
  (line: Json, more: Json = {}) =>
  ({ product }: World): Json => ({ items: [{ product_id: product.id, quantity: 1, ...line }], ...cash('10'), ...more })

const invalid = { status: 400, reason: 'invalid_data' }
const clientFigures: [name: string, value: unknown][] = [
  ['totals', { total: '1.00' }],
  ['total', '1.00'],
  ['subtotal', '1.00'],
  ['tax', '0.00'],
  ['paid', '10.00'],
  ['balance', '0.00'],
  ['taxes', []],
  ['invoice_no', 'MAIN-01-000001'],
  ['series_no', 1],
  ['branch_id', '0190a000-0000-7000-8000-000000000000'],
  ['created_by', '0190a000-0000-7000-8000-000000000000'],
  ['business_date', '2020-01-01'],
  ['issued_at', '2020-01-01T00:00:00Z'],
  ['print_count', 3]
]

const refusals: Refusal[] = [
  ...clientFigures.map(([name, value]) => ({
    name: `${name} from the client`,
    data: sale({}, { [name]: value }),
    ...invalid,
    path: name
  })),
  ...['total', 'tax', 'name', 'unit_cost', 'cost_price', 'tax_rate'].map((name) => ({
    name: `${name} of a line from the client`,
    data: sale({ [name]: '1.00' }),
    ...invalid,
    path: 'items.0'
  })),
  { name: 'no lines', data: () => ({ items: [] }), ...invalid, path: 'items' },
  { name: 'no items at all', data: () => cash('10'), ...invalid, path: 'items' },
  { name: 'a line without a product', data: () => ({ items: [{ quantity: 1 }] }), ...invalid, path: 'items.0' },
  {
    name: 'a line with two names of a product',
    data: ({ product }) => ({ items: [{ product_id: product.id, sku: product.sku, quantity: 1 }] }),
    ...invalid,
    path: 'items.0'
  },
  { name: 'a quantity of 0', data: sale({ quantity: 0 }), ...invalid, path: 'items.0.quantity' },
  { name: 'a negative quantity', data: sale({ quantity: -1 }), ...invalid, path: 'items.0.quantity' },
  { name: 'a quantity as text', data: sale({ quantity: '1' }), ...invalid, path: 'items.0.quantity' },
  { name: 'too large a quantity', data: sale({ quantity: 1e9 }), ...invalid, path: 'items.0.quantity' },
  {
    name: 'a quantity of four decimals',
    data: sale({ quantity: 0.0005 }),
    status: 422,
    reason: 'invalid_quantity',
    path: 'items.0.quantity'
  },
  {
    name: 'a value beyond every amount',
    data: sale({ quantity: 999_999_999, unit_price: '999999' }),
    by: ['admin'],
    status: 422,
    reason: 'invalid_amount',
    path: 'items.0.quantity'
  },
  {
    name: 'an unknown product',
    data: () => ({ items: [{ product_id: '0190a000-0000-7000-8000-000000000000', quantity: 1 }] }),
    status: 422,
    reason: 'unknown_product',
    path: 'items.0.product_id'
  },
  {
    name: 'an unknown barcode',
    data: () => ({ items: [{ barcode: 'nothing', quantity: 1 }] }),
    status: 422,
    reason: 'unknown_product',
    path: 'items.0.barcode'
  },
  {
    name: "another branch's product",
    data: ({ elsewhere }) => ({ items: [{ sku: elsewhere.sku, quantity: 1 }] }),
    status: 422,
    reason: 'unknown_product',
    path: 'items.0.sku'
  },
  {
    name: 'a product that is not sold any more',
    data: ({ inactive }) => ({ items: [{ product_id: inactive.id, quantity: 1 }] }),
    status: 422,
    reason: 'inactive',
    path: 'items.0.product_id'
  },
  {
    name: 'a price of their own',
    by: ['cashier'],
    data: sale({ unit_price: '9.99' }, cash('9.99')),
    status: 403,
    reason: 'override_not_allowed'
  },
  {
    name: 'too low a price of their own',
    by: ['cashier', 'employee'],
    data: sale({ unit_price: '7.49' }, cash('7.49')),
    status: 403,
    reason: 'override_not_allowed'
  },
  {
    name: 'a negative price',
    by: ['admin'],
    data: sale({ unit_price: '-1.00' }),
    status: 422,
    reason: 'invalid_amount',
    path: 'items.0.unit_price'
  },
  {
    name: 'a price that is no number',
    by: ['admin'],
    data: sale({ unit_price: 'NaN' }),
    status: 422,
    reason: 'invalid_amount',
    path: 'items.0.unit_price'
  },
  {
    name: 'a line discount above the limit',
    by: ['cashier'],
    data: sale({ discount: '1.01' }, cash('8.99')),
    status: 403,
    reason: 'discount_above_limit'
  },
  {
    name: 'a document discount above the limit',
    by: ['cashier'],
    data: sale({}, { discounts: '1.01', ...cash('8.99') }),
    status: 403,
    reason: 'discount_above_limit'
  },
  {
    name: 'two discounts above the limit together',
    by: ['cashier'],
    data: sale({ discount: '0.51' }, { discounts: '0.50', ...cash('8.99') }),
    status: 403,
    reason: 'discount_above_limit'
  },
  {
    name: 'a discount above the line',
    data: sale({ discount: '10.01' }),
    status: 422,
    reason: 'discount_exceeds_line',
    path: 'items.0.discount'
  },
  {
    name: 'a negative line discount',
    data: sale({ discount: '-1' }),
    status: 422,
    reason: 'invalid_amount',
    path: 'items.0.discount'
  },
  { name: 'a negative document discount', data: sale({}, { discounts: '-1' }), ...invalid, path: 'discounts' },
  {
    name: 'a document discount above the sale',
    data: sale({}, { discounts: '10.01' }),
    status: 422,
    reason: 'discount_exceeds_total',
    path: 'discounts'
  },
  { name: 'another total', data: sale({}, { expected_total: '9.99' }), status: 409, reason: 'total_mismatch' },
  { name: 'a status of its own', data: sale({}, { status: 'paid' }), ...invalid, path: 'status' },
  {
    name: 'an unknown register',
    data: sale({}, { register_id: '0190a000-0000-7000-8000-000000000000' }),
    status: 422,
    reason: 'unknown_register',
    path: 'register_id'
  },
  {
    name: 'a register that is closed',
    data: (world) => sale({}, { register_id: world.closed.register })(world),
    status: 422,
    reason: 'unknown_register',
    path: 'register_id'
  },
  {
    name: "another branch's register",
    by: ['cashier', 'employee'],
    data: (world) => sale({}, { register_id: world.other.register })(world),
    status: 403,
    reason: 'not_allowed'
  },
  ...(['customer', 'salesman'] as const).flatMap((party): Refusal[] => [
    {
      name: `an unknown ${party}`,
      data: sale({}, { [`${party}_id`]: '0190a000-0000-7000-8000-000000000000' }),
      status: 422,
      reason: 'unknown_reference',
      path: `${party}_id`
    },
    {
      name: `a ${party} who is not active`,
      data: (world) => sale({}, { [`${party}_id`]: world.closed[party] })(world),
      status: 422,
      reason: 'inactive',
      path: `${party}_id`
    },
    {
      name: `another branch's ${party}`,
      by: ['cashier', 'employee'],
      data: (world) => sale({}, { [`${party}_id`]: world.other[party] })(world),
      status: 422,
      reason: 'unknown_reference',
      path: `${party}_id`
    }
  ])
]

describe('What a sale may not be', () => {
  let shop: Shop
  let world: World
  let other: { branch: string; register: string }

  async function made(path: string, data: Json): Promise<string> {
    const { status, body } = await shop.call('POST', path, data, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    return body.id
  }
  const parties = async (more: Json) => ({
    customer: await made('/customers', { name: 'A', contacts: { phone: '12345' }, ...more }),
    salesman: await made('/salesmen', { name: 'A', code: `S${Math.random()}`.slice(0, 12), ...more })
  })

  before(async () => {
    shop = await openShop()
    other = await openBranch(shop)
    world = {
      product: await stockedProduct(shop),
      elsewhere: await stockedProduct(shop, { branch_id: other.branch }, 0),
      inactive: await stockedProduct(shop, { is_active: false }, 0),
      closed: {
        register: await made('/registers', { branch_id: shop.branch, code: '99', is_active: false }),
        ...(await parties({ is_active: false }))
      },
      other: { ...other, ...(await parties({ branch_id: other.branch })) }
    }
  })
  after(() => shop.close())

  /** Everything that a refused sale must leave as it was. */
  const state = async () =>
    (
      await shop.db.database.query(
        `select (select count(*) from invoices) as invoices, (select count(*) from audit_logs) as audit,
           (select count(*) from payments) as payments, (select sum(on_hand) from stock_levels) as stock,
           (select sum(last_no) from number_series) as numbers, (select count(*) from account_entries) as accounts`
      )
    )[0]

  for (const transport of transports) {
    describe(`over ${transport}`, () => {
      const tills = {} as Record<Role, Caller>
      let heard: string[]
      let untouched: unknown
      before(async () => {
        const { admin, branch } = shop
        for (const role of ['admin', 'employee', 'cashier'] as const) {
          const { token } = await shop.user(role, role === 'admin' ? null : branch)
          tills[role] = await caller(shop, transport, token)
        }
        const screen = await shop.socket(admin)
        heard = []
        screen.onAny((event) => void heard.push(event))
        untouched = await state()
      })

      for (const { name, by = ['cashier', 'admin'] as Role[], data, status, reason, path } of refusals) {
        it(`${name}: ${status} ${reason}`, async () => {
          for (const role of by) {
            const refused = await tills[role].create('invoices', data(world))
            assert.equal(refused.status, status, `${role}: ${JSON.stringify(refused.body)}`)
            assert.equal(refused.body.data.reason, reason, role)
            if (path) assert.ok(refused.body.errors[0].path.startsWith(path), JSON.stringify(refused.body.errors))
            assert.doesNotMatch(JSON.stringify(refused.body), /select|insert|stack|\.ts|\$\d/i)
          }
        })
      }

      it('answers the right total with another one', async () => {
        const { body } = await tills.cashier.create('invoices', sale({}, { expected_total: '10.01' })(world))
        assert.equal(body.data.total, '10.00')
      })

      it('and none of it left a trace or an event', async () => {
        assert.deepEqual(await state(), untouched)
        assert.deepEqual(heard, [])
      })
    })
  }

  for (const transport of transports) {
    it(`lets an administrator set a price, over ${transport}`, async () => {
      const till = await caller(shop, transport, shop.admin)
      const line = { product_id: world.product.id, quantity: 2, unit_price: '12.34' }
      const { status, body } = await till.create('invoices', { items: [line], ...cash('24.68') })
      assert.equal(status, 201, JSON.stringify(body))
      const [{ unit_price, list_price, price_source }] = body.items
      assert.deepEqual([unit_price, list_price, price_source], ['12.34', '10.00', 'override'])
      assertSums(body)
    })

    it(`takes the list price from a cashier as no override, over ${transport}`, async () => {
      const till = await caller(shop, transport, (await shop.user('cashier')).token)
      const { status, body } = await till.create('invoices', sale({ unit_price: 10 })(world))
      assert.equal(status, 201, JSON.stringify(body))
      assert.equal(body.items[0].price_source, 'list')
      assertNoCost(body)
    })
  }

  it("goes by the branch's discount limit, then by everybody's, then by 10 percent", async () => {
    const { token } = await shop.user('cashier')
    const give = async (discount: string, total: string, as = token) => {
      const { status } = await shop.call('POST', '/invoices', sale({ discount }, cash(total))(world), as)
      return status
    }
    const limit = (value: number, branch_id: string | null) =>
      made('/settings', { key: 'discount_limit_percent', value, branch_id })
    assert.equal(await give('1.00', '9.00'), 201)
    const all = await limit(25, null)
    assert.equal(await give('2.50', '7.50'), 201)
    assert.equal(await give('2.51', '7.49'), 403)
    const own = await limit(0, shop.branch)
    assert.equal(await give('0.01', '9.99'), 403)
    assert.equal(await give('0.00', '10.00'), 201)
    assert.equal(await give('10.00', '0.00', shop.admin), 422, 'a payment of 0')
    for (const id of [all, own])
      assert.equal((await shop.call('DELETE', `/settings/${id}`, undefined, shop.admin)).status, 200)
  })

  it('lets an employee set prices and give discounts up to a limit of their own, 25 percent unless it is set', async () => {
    const { token } = await shop.user('employee')
    const refusal = async (line: Json, total: string) => {
      const { body } = await shop.call('POST', '/invoices', sale(line, cash(total))(world), token)
      return body.data?.reason
    }
    assert.equal(await refusal({ discount: '2.50' }, '7.50'), undefined)
    assert.equal(await refusal({ discount: '2.51' }, '7.49'), 'discount_above_limit')
    assert.equal(await refusal({ unit_price: '7.50' }, '7.50'), undefined)
    assert.equal(await refusal({ unit_price: '12.00' }, '12.00'), undefined, 'a higher price')
    // Both count together, of what the sale would come to.
    assert.equal(await refusal({ unit_price: '8.00', discount: '0.50' }, '7.50'), undefined)
    assert.equal(await refusal({ unit_price: '8.00', discount: '0.51' }, '7.49'), 'override_not_allowed')
    const id = await made('/settings', { key: 'override_limit_percent', value: 0 })
    assert.equal(await refusal({ discount: '0.01' }, '9.99'), 'discount_above_limit')
    assert.equal((await shop.call('DELETE', `/settings/${id}`, undefined, shop.admin)).status, 200)
  })

  it("does not count the product's own percent against the limit", async () => {
    const { token } = await shop.user('cashier')
    const product = await stockedProduct(shop, { discount: '50' })
    const { status, body } = await shop.call(
      'POST',
      '/invoices',
      { items: [{ product_id: product.id, quantity: 1 }], ...cash('5.00') },
      token
    )
    assert.equal(status, 201, JSON.stringify(body))
    assert.equal(body.items[0].discount_source, 'product')
  })

  it('sells for nothing without a payment, and calls it paid', async () => {
    const given = { items: [{ product_id: world.product.id, quantity: 1, discount: '10.00' }] }
    const { status, body } = await shop.call('POST', '/invoices', given, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual([body.status, body.totals.total, body.payments], ['paid', '0.00', []])
  })

  it('sells at the register that is named, of those in the branch', async () => {
    const register_id = await made('/registers', { branch_id: shop.branch, code: '02' })
    const { token } = await shop.user('cashier')
    const { body } = await shop.call('POST', '/invoices', sale({}, { register_id })(world), token)
    assert.equal(body.invoice_no, 'MAIN-02-000001')
  })

  describe('afterwards', () => {
    it('the books agree', async () => {
      await assertBooks(shop.db.database)
      assert.equal(typeof (await onHand(shop, world.product.id)), 'number')
    })
  })
})
