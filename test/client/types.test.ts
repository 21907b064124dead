import assert from 'node:assert/strict'
import { type Create, type Query, type RegalClient, type Row, regalClient } from '../../src/client.ts'

/** Compiles only when `A` and `B` are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <T extends true>(_proof?: T): void => {}
type Answer<T> = T extends Promise<infer A> ? A : never

// Never called: what is below is for the compiler.
const answers = (regal: RegalClient<'rest'>, live: RegalClient<'socket'>) => ({
  narrow: regal.service('invoices').find({ query: { $select: ['status', 'total', 'paid'] } }),
  included: regal.service('products').find({ query: { $include: ['vendor', 'category'], $total: 'none' } }),
  nested: regal.service('invoices').get('id', { query: { $include: ['customer', 'items.product.vendor'] } }),
  keyset: regal.service('products').find({ query: { $after: '', $sort: { name: 1 } } }),
  plain: regal.service('stock-levels').find(),
  groups: regal.service('invoices').groups({
    query: { $group: ['status', 'business_date:month'], $sum: ['total'], $max: ['series_no'] }
  }),
  every: regal.service('products').all({ query: { $select: ['sku'] } }),
  stop: live.service('products').on('patched', (product) => product.unit_price)
})
type Answers = ReturnType<typeof answers>
type Narrow = Answer<Answers['narrow']>['data'][number]
type Included = Answer<Answers['included']>
type Nested = Answer<Answers['nested']>
type Groups = Answer<Answers['groups']>['data'][number]

describe('The types of the client', () => {
  const regal = regalClient({ url: 'http://127.0.0.1:1' })

  it('follow $select, $include, $total and $after', () => {
    holds<Same<Narrow['totals'], Pick<Row<'invoices'>['totals'], 'total' | 'paid'>>>()
    holds<Same<keyof Narrow, 'id' | 'status' | 'totals'>>()
    holds<Same<Included['total'], undefined>>()
    holds<Same<Included['data'][number]['vendor'], Row<'vendors'> | null>>()
    holds<Same<Included['data'][number]['sku'], string>>()
    holds<Same<NonNullable<NonNullable<Nested['items'][number]['product']>['vendor']>['terms'], string | null>>()
    holds<Same<Nested['payments'], Row<'payments'>[]>>()
    holds<Same<Answer<Answers['plain']>['total'], number>>()
    holds<Same<Answer<Answers['keyset']>['total'], undefined>>()
    holds<Same<Answers['every'], AsyncIterableIterator<{ id: string; sku: string }>>>()
    holds<Same<Groups['sum']['total'], string | null>>()
    holds<Same<Groups['max']['series_no'], number | null>>()
    holds<Same<keyof Groups['group'], 'status' | 'business_date:month'>>()
    holds<Same<Answers['stop'], () => void>>()
    assert.equal(typeof regal.service('products').find, 'function')
  })

  it('know fields, operators and values of a query', () => {
    const queries: (Query<'products'> | Query<'invoices'>)[] = []
    const products = (query: Query<'products'>) => queries.push(query)
    products({ name: 'Coffee', unit_price: { $gte: '1.00' }, barcode: null, 'vendor.name': { $ne: 'Harbour' } })
    products({ $or: [{ is_active: true }, { limited_qty: { $lt: 5 } }], $sort: { name: 1 }, $search: 'tea' })
    // @ts-expect-error there is no such field
    products({ nmae: 'Coffee' })
    // @ts-expect-error a quantity is a number
    products({ limited_qty: '5' })
    // @ts-expect-error a flag has no order
    products({ is_active: { $gt: false } })
    // @ts-expect-error what is computed cannot be searched by
    products({ stock_level: 5 })
    // @ts-expect-error nor sorted by
    products({ $sort: { stock_level: 1 } })
    // @ts-expect-error structured content cannot be compared
    products({ attributes: {} })
    // @ts-expect-error there is no such operator
    products({ name: { $like: 'C%' } })
    // @ts-expect-error there is no such field to select
    products({ $select: ['colour'] })
    // @ts-expect-error there is no such relation
    products({ $include: ['customer'] })
    // @ts-expect-error nor one to filter by
    products({ 'customer.name': 'Ann' })
    assert.equal(queries.length, 12)
  })

  it('know what is sent', () => {
    const sale: Create<'invoices'> = {
      items: [{ sku: 'TEA', quantity: 1, discount: 1 }],
      payments: [{ method: 'cash', amount: '1.00', tendered: null }]
    }
    // @ts-expect-error a line has a quantity
    const lame: Create<'invoices'> = { items: [{ sku: 'TEA' }] }
    // @ts-expect-error the total is the server's
    const cheap: Create<'invoices'> = { ...sale, total: '0.01' }
    // @ts-expect-error a sale is drafted or issued, never paid for by its word
    const status: Create<'invoices'>['status'] = 'free'
    assert.deepEqual([lame.items.length, cheap.items, status], [1, sale.items, 'free'])
  })

  it('offer only what the resource offers', () => {
    // @ts-expect-error an invoice is never removed
    assert.equal(typeof regal.service('invoices').remove, 'function')
    // @ts-expect-error a level is moved by its entries alone
    assert.equal(typeof regal.service('stock-levels').create, 'function')
    // @ts-expect-error there is no such resource
    assert.equal(typeof regal.service('unicorns').find, 'function')
    // @ts-expect-error REST tells of nothing
    assert.equal(regal.service('products').on, undefined)
  })
})
