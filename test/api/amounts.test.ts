import assert from 'node:assert/strict'
import { isReason } from '../../src/errors.ts'
import { resourceNamed, resources } from '../../src/schemas/index.ts'
import { contentsOf } from '../support/contents.ts'
import { Samples, takenBy } from '../support/samples.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'

/** `some` is above 0, `any` may be 0, `signed` is below 0 too and never 0. */
type Kind = `${'money' | 'cost' | 'percent'} ${'some' | 'any'}` | `quantity ${'some' | 'any' | 'signed'}`

const sold: Record<string, Kind> = {
  'items.0.quantity': 'quantity some',
  'items.0.discount': 'money any',
  discounts: 'money any'
}
const ordered: Record<string, Kind> = { ...sold, 'items.0.price': 'money any', rush_surcharge: 'money any' }
const amount: Record<string, Kind> = { amount: 'money some' }

/** Every amount and quantity that a create takes, whatever document it is of. */
const INPUTS: Record<string, Record<string, Kind>> = {
  salesmen: { commission_rate: 'percent any' },
  customers: { credit_limit: 'money any' },
  products: {
    unit_price: 'money any',
    cost_price: 'money any',
    tax_rate: 'percent any',
    discount: 'percent any',
    limited_qty: 'quantity any'
  },
  'price-list-items': { min_quantity: 'quantity any', price: 'money any' },
  'stock-entries': { qty: 'quantity signed', unit_cost: 'cost any' },
  'stock-receipts': {
    'items.0.quantity': 'quantity some',
    'items.0.unit_cost': 'cost any',
    'items.0.unit_price': 'money any'
  },
  'stock-returns': { 'items.0.quantity': 'quantity some', 'items.0.unit_cost': 'cost any' },
  'stock-transfers': { 'items.0.quantity': 'quantity some' },
  'stock-transfer-receipts': { 'items.0.quantity': 'quantity any' },
  'stock-count-lines': { counted: 'quantity any' },
  shifts: { float: 'money any' },
  'shift-closings': { 'counted.cash': 'money any' },
  'cash-movements': amount,
  // Of 0: another price that is no lower.
  approvals: { amount: 'money any' },
  expenses: amount,
  'vendor-payments': amount,
  invoices: {
    ...sold,
    'items.0.unit_price': 'money any',
    'payments.0.amount': 'money some',
    'payments.0.tendered': 'money some',
    expected_total: 'money some'
  },
  refunds: { 'items.0.quantity': 'quantity some' },
  payments: { ...amount, tendered: 'money some' },
  'order-options': { 'groups.0.options.0.surcharge': 'money any' },
  'ideal-prices': { min_quantity: 'quantity some', price: 'money any' },
  quotations: ordered,
  'custom-orders': ordered,
  'order-payments': amount,
  'stock-reservations': { quantity: 'quantity signed' },
  'order-closings': { 'payments.0.amount': 'money some', 'payments.0.tendered': 'money some' }
}

const ANY: unknown[] = ['NaN', 'Infinity', '-Infinity', 'much', '', '1e3', '1,50', '0x10', true, [], {}, [1]]
const WRONG: Record<string, unknown[]> = {
  money: ['-0.01', -1, '0.001', 1.005, '1000000000000.00', 1e12, 1e308],
  cost: ['-0.0001', -1, '0.00001', '1000000000000.0001', 1e308],
  percent: ['-0.0001', -1, '0.00001', '100.0001', 101, 1e308],
  quantity: ['1', 0.0001, 1.0005, 1_000_000_000, 1e308]
}
function wrongFor(kind: Kind): unknown[] {
  const [what, range] = kind.split(' ') as [string, string]
  const none = range === 'any' ? [] : what === 'quantity' ? [0] : ['0', '0.00', 0]
  return [...ANY, ...WRONG[what]!, ...none, ...(what === 'quantity' && range !== 'signed' ? [-1, -0.001] : [])]
}

/** The paths of numbers and decimals in a schema. */
function numbersIn(schema: Json, path: string): string[] {
  if (schema.anyOf) return [...new Set<string>(schema.anyOf.flatMap((one: Json) => numbersIn(one, path)))]
  if (schema.type === 'number' || schema.format === 'decimal') return [path]
  if (schema.type === 'array') return numbersIn(schema.items, `${path}.0`)
  const properties = Object.entries((schema.properties ?? {}) as Json).flatMap(([name, part]) =>
    numbersIn(part as Json, `${path}.${name}`)
  )
  return schema.additionalProperties?.anyOf ? [...properties, `${path}.cash`] : properties
}

/** The same data with another value somewhere in it. */
function withValue(data: unknown, [name, ...rest]: string[], value: unknown): unknown {
  if (name === undefined) return value
  if (/^\d+$/.test(name)) {
    const list = [...((data as unknown[] | undefined) ?? [{}])]
    list[Number(name)] = withValue(list[Number(name)], rest, value)
    return list
  }
  const record = (data ?? {}) as Json
  return { ...record, [name]: withValue(record[name], rest, value) }
}

describe('Amounts and quantities', () => {
  let shop: Shop
  let samples: Samples
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
  })
  after(() => shop.close())

  it('are listed here, all that a create takes', () => {
    for (const resource of resources.filter(({ methods }) => methods.includes('create'))) {
      const taken = Object.entries(takenBy(resource)).flatMap(([name, { kind, schema }]) => {
        if (kind === 'json') return numbersIn(schema, name)
        return ['money', 'decimal', 'quantity'].includes(kind) ? [name] : []
      })
      assert.deepEqual(taken.sort(), Object.keys(INPUTS[resource.name] ?? {}).sort(), resource.name)
    }
  })

  const MORE: Record<string, () => Promise<Json>> = {
    'order-closings': async () => {
      const { id: order_id } = await samples.create(resourceNamed('custom-orders'))
      for (const status of ['in_progress', 'completed'])
        await shop.call('PATCH', `/custom-orders/${order_id}`, { status }, shop.admin)
      return { order_id, outcome: 'delivered', payments: [{ method: 'cash' }] }
    },
    'order-options': async () => {
      const data = await samples.data(resourceNamed('order-options'))
      return { ...data, groups: [{ name: 'Neck', options: [{ name: 'Round', surcharge: '1.00' }] }] }
    }
  }

  for (const [name, inputs] of Object.entries(INPUTS))
    it(`of ${name} are refused at the field where they cannot be, and leave nothing behind`, async () => {
      const data = await (MORE[name]?.() ?? samples.data(resourceNamed(name)))
      const before = await contentsOf(shop.db.database)
      for (const [path, kind] of Object.entries(inputs))
        for (const value of wrongFor(kind)) {
          const given = withValue(data, path.split('.'), value)
          const { status, body } = await shop.call('POST', `/${name}`, given, shop.admin)
          const where = `${path} = ${JSON.stringify(value)}: ${status} ${JSON.stringify(body)}`
          if (path === 'expected_total' && status === 409) continue
          assert.ok(status === 400 || status === 422, where)
          assert.ok(isReason(body.data.reason), where)
          assert.ok(path.startsWith(body.errors[0].path) || body.errors[0].path.startsWith(path), where)
        }
      assert.deepEqual(await contentsOf(shop.db.database), before)
      const made = await shop.call('POST', `/${name}`, data, shop.admin)
      assert.equal(made.status, 201, JSON.stringify(made.body))
    })
})
