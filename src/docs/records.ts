import { currency } from '../schemas/currency.ts'
import type { Resource } from '../schemas/define.ts'
import type { Field } from '../schemas/fields.ts'
import { resourceNamed } from '../schemas/index.ts'
import { kinds } from '../schemas/kinds.ts'
import { examples } from './examples.ts'
import { isPatchable, type Json, titleOf } from './wire.ts'

const ID = '01920000-0000-7000-8000-00000000000'
const INSTANT = '2026-01-31T09:30:00.000Z'

const none = { count: 0, total: '0.00' }
const shiftContent = {
  sales: { count: 2, subtotal: '542.30', discount: '0.00', tax: '0.00', total: '542.30' },
  late: none,
  voids: none,
  refunds: none,
  numbers: { first: 'MKT-01-000118', last: 'MKT-01-000119' },
  taxes: [{ rate: '0.0000', base: '542.30', tax: '0.00' }],
  payments: [
    { method: 'card', count: 1, in: '280.00', out: '0.00' },
    { method: 'cash', count: 1, in: '262.30', out: '0.00' }
  ],
  movements: [],
  cash: { float: '150.00', sales: '262.30', refunds: '0.00', movements: '0.00', expected: '412.30' }
}

/** What a server fills in, where the usual value of its kind would not fit the rest of the example. */
const filled = (): Record<string, Json> => ({
  branches: { currency: currency.code },
  sessions: { device: 'Firefox', ip: '203.0.113.7' },
  'audit-logs': { seq: 118, action: 'create', resource: 'brands', after: { name: 'Northwind' } },
  files: {
    name: 'coffee.jpg',
    bytes: 182_340,
    width: 1600,
    height: 1200,
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'
  },
  products: { stock_level: 24 },
  'stock-levels': { on_hand: 24, reserved: 6, average_cost: '2.8' },
  'stock-entries': { balance_after: 24 },
  invoices: {
    invoice_no: 'MKT-01-000118',
    series_no: 118,
    status: 'paid',
    tax_rounding: 'line',
    subtotal: '9.00',
    discount: '1.00',
    tax: '0.56',
    total: '8.56',
    paid: '8.56',
    change: '1.44',
    balance: '0.00',
    taxes: [{ rate: '7.0000', base: '8.00', tax: '0.56' }],
    warnings: [],
    issued_at: INSTANT
  },
  'invoice-items': {
    name: 'Coffee 250 g',
    sku: 'COF-250',
    quantity: 2,
    unit_price: '4.50',
    list_price: '4.50',
    price_source: 'list',
    unit_cost: '2.8',
    discount: '1.00',
    discount_source: 'given',
    tax_rate: '7',
    tax: '0.56',
    total: '8.56',
    trace: [
      { step: 'list_price', amount: '9.00' },
      { step: 'line_discount', amount: '-1.00' },
      { step: 'tax', amount: '0.56' }
    ]
  },
  'shift-closings': {
    number: 'MKT-01-Z000031',
    series_no: 31,
    expected: { cash: '412.30', card: '280.00' },
    difference: { cash: '0.00', card: '0.00' },
    content: shiftContent
  },
  payments: { amount: '25.00', direction: 'in' },
  'account-entries': { party: 'customer', amount: '25.00', balance_after: '25.00', document: 'MKT-01-000118' },
  'customer-ageing': { days_1_30: '40.00', over_90: '25.00', unallocated: '-10.00', balance: '55.00' },
  'vendor-ageing': { current: '67.20', days_31_60: '12.80', balance: '80.00' },
  'commission-entries': { document: 'MKT-01-000118', net: '8.00', commission_rate: '2.5', commission: '0.20' }
})

/** Amounts of examples are written with two decimals; in a currency with others they have those. */
export function inCurrency<T>(value: T): T {
  if (typeof value === 'string' && /^\d+\.\d\d$/.test(value)) return Number(value).toFixed(currency.scale) as T
  if (Array.isArray(value)) return value.map((item) => inCurrency(item)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inCurrency(inner)])) as T
}

const usual: Record<Field['kind'], unknown> = {
  uuid: `${ID}4`,
  text: '',
  choice: '',
  money: 0,
  decimal: 0,
  quantity: 0,
  integer: 1,
  boolean: false,
  date: '2026-01-31',
  instant: INSTANT,
  json: {}
}

const usualOf = ({ kind, schema }: Field): unknown => (kind === 'json' && schema.type === 'array' ? [] : usual[kind])

/** A value of a field as an answer has it. */
function exampleOf(name: string, field: Field, given: unknown): unknown {
  const { kind, options, nullable } = field
  if (given === undefined && nullable) return null
  const value =
    given ??
    field.default ??
    (kind === 'text' ? titleOf(name) : kind === 'choice' ? options.values![0] : usualOf(field))
  if (value === null) return null
  try {
    return kinds[kind].clean(inCurrency(value), options)
  } catch {
    // A pattern of its own, for which nobody wrote an example.
    return value
  }
}

/** A record as it is answered: the example of a create with what the server adds. */
export function recordExample(resource: Resource, inside = false): Json {
  const { name: own, all, readable, children } = resource
  const given: Json = { ...examples[own], ...filled()[own] }
  const record: Json = {}
  for (const name of readable) {
    const { under } = all[name]!
    const value = name === 'id' ? `${ID}1` : exampleOf(name, all[name]!, given[name])
    if (under === undefined) record[name] = value
    else record[under] = { ...(record[under] as Json), [name]: value }
  }
  if (inside) return record
  for (const [name, child] of Object.entries(children))
    if (child.embed) record[name] = [recordExample(resourceNamed(child.resource), true)]
  return record
}

/** What a create takes. */
export const createExample = ({ name }: Resource): Json => inCurrency(examples[name]!)

/** A change of one field, based on the version that was read. */
export function patchExample(resource: Resource): Json {
  const fields = { ...resource.all, ...resource.input }
  const given = createExample(resource)
  const names = Object.keys(given).filter((name) => fields[name] && isPatchable(fields[name]))
  const name = names.includes(resource.label) ? resource.label : names[0]
  return { ...(name !== undefined && { [name]: given[name] }), version: 1 }
}

export const pageExample = (record: Json): Json => ({ total: 1, limit: 50, skip: 0, data: [record] })
