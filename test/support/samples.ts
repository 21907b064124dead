import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import type { Fields, Resource } from '../../src/schemas/define.ts'
import type { Field } from '../../src/schemas/fields.ts'
import { resourceNamed, resources } from '../../src/schemas/index.ts'
import { receive } from './books.ts'
import { png, upload } from './images.ts'
import { type Json, type Shop, stockedProduct } from './shop.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
let counter = 0

/** 1 -> `aaab`: a number in letters, for names whose pattern takes nothing else. */
function letters(n: number, width = 4): string {
  let text = ''
  for (let rest = n; text.length < width; rest = Math.floor(rest / 26)) text = LETTERS[rest % 26] + text
  return text
}

/** Text that satisfies length and pattern, different for every `n`. */
function textFor({ min = 0, max = 200, pattern }: Field['options'], n: number): string {
  const word = letters(n)
  const digits = String(1000 + n)
  const short = [3, 2, 1].map((width) => letters(n, width))
  const candidates = [
    `Sample ${word} ${n}`,
    `sample-${n}`,
    `${word}@sample.test`,
    word,
    word.toUpperCase(),
    digits,
    ...short
  ]
  const fitting = candidates
    .map((text) => text.padEnd(min, word))
    .find((text) => text.length <= max && (!pattern || new RegExp(pattern, 'u').test(text)))
  assert.ok(fitting, `no sample text matches ${pattern}: add a candidate to test/support/samples.ts`)
  return fitting
}

/** A value that a JSON Schema as the definitions write them accepts; every property is filled. */
function structureFor(schema: Json, n: number): unknown {
  if (schema.anyOf) return structureFor(schema.anyOf[0], n)
  if (schema.enum) return schema.enum[0]
  switch (schema.type) {
    case 'object': {
      const properties = Object.entries((schema.properties ?? {}) as Json)
      return properties.length
        ? Object.fromEntries(properties.map(([name, part]) => [name, structureFor(part, n)]))
        : { sample: n }
    }
    case 'array':
      return schema.minItems ? [structureFor(schema.items, n)] : []
    case 'string':
      if (schema.format === 'decimal') return `${n}.50`
      return schema.format === 'email' ? `${letters(n)}@sample.test` : `Sample ${n}`
    case 'number':
    case 'integer':
      return 1
    case 'boolean':
      return true
    default:
      return { sample: n }
  }
}

/** A whole number within the bounds of a field, different for every `n` as far as they allow. */
function numberFor({ options: { min = 1, max }, unique }: Field, n: number): number {
  const span = unique ? 1_000_000 : 90
  return min + (n % Math.min(span, (max ?? min + span) - min + 1))
}

/** A day that is another for every `n`. */
const dayFor = (n: number) => new Date(Date.UTC(2026, 0, 1 + (n % 20_000))).toISOString().slice(0, 10)

/** A valid value of a field that is no reference, different for every `n` where its kind allows. */
function valueFor(field: Field, n = ++counter): unknown {
  switch (field.kind) {
    case 'text':
      return field.default ?? textFor(field.options, n)
    case 'money':
      return `${(n % (field.unique ? 1_000_000 : 900)) + 1}.50`
    case 'decimal':
      return `${numberFor(field, n) - 1}.5`.concat('0'.repeat((field.options.scale ?? 4) - 1))
    case 'quantity':
      return numberFor(field, n) - (field.options.min === undefined ? 0.5 : 0)
    case 'integer':
      return numberFor(field, n)
    case 'boolean':
      return field.default ?? true
    case 'choice':
      return field.default ?? field.options.values![0]
    case 'date':
      return dayFor(n)
    case 'instant':
      return `${dayFor(n)}T09:30:00.000Z`
    case 'uuid':
      return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
    case 'json':
      return structureFor(field.schema, n)
  }
}

/** Everything a create of this resource takes, by name; ids are the server's unless a test gives one. */
export const takenBy = (resource: Resource): Fields =>
  Object.fromEntries(
    Object.entries({ ...resource.all, ...resource.input }).filter(([name, field]) => name !== 'id' && !field.readOnly)
  )

/** Makes valid data and records of any resource from its definition alone, so that a new one needs no line here. */
export class Samples {
  readonly shop: Shop
  #parents = new Map<string, Promise<Json>>()

  constructor(shop: Shop) {
    this.shop = shop
  }

  /** Only where a rule ties fields to each other or to other records. `full` data names every field it may. */
  #overrides: Record<string, (full: boolean) => Promise<Json>> = {
    invoices: async () => {
      const { id } = await stockedProduct(this.shop)
      return { items: [{ product_id: id, quantity: 1 }], payments: [{ method: 'cash', amount: '10.00' }] }
    },
    refunds: async (full) => ({
      invoice_id: (await this.create(resourceNamed('invoices'))).id,
      items: [{ line_no: 1, quantity: 1, condition: 'restock' }],
      reason: `Sample ${++counter}`,
      ...(full && { method: 'cash', register_id: this.shop.register })
    }),
    'invoice-prints': async () => ({ invoice_id: (await this.create(resourceNamed('invoices'))).id }),
    // One price per list, product and quantity.
    'price-list-items': async () => ({
      price_list_id: (await this.create(resourceNamed('price-lists'))).id,
      product_id: (await this.parent('products')).id,
      min_quantity: 12,
      price: '3.90'
    }),
    approvals: async () => ({
      ...(await this.#colleague()),
      action: 'discount',
      document_id: uuidv7(),
      amount: '5.00'
    }),
    'invoice-voids': async (full) => ({
      invoice_id: (await this.create(resourceNamed('invoices'))).id,
      reason: `Sample ${++counter}`,
      ...(full && { register_id: this.shop.register })
    }),
    payments: async () => ({ invoice_id: (await this.owed()).id, method: 'cash', amount: '1.00' }),
    'stock-entries': async () => ({
      product_id: (await this.parent('products')).id,
      branch_id: this.shop.branch,
      qty: 5,
      type: 'IN',
      reason: 'receipt',
      unit_cost: '6.5000'
    }),
    // One open shift per register.
    shifts: async (full) => {
      const { id } = await this.create(resourceNamed('registers'))
      return { register_id: id, ...(full && { float: '100.00' }) }
    },
    // Fewer than the limit: so there is something to restock, and to buy.
    'stock-receipts': async (full) => ({
      ...(await this.#goods(full)),
      items: [{ sku: (await stockedProduct(this.shop, { limited_qty: 50 }, 0)).sku, quantity: 2.5, unit_cost: '6.5' }]
    }),
    'stock-transfers': async (full) => ({
      to_branch_id: (await this.create(resourceNamed('branches'))).id,
      items: [{ product_id: (await stockedProduct(this.shop)).id, quantity: 2 }],
      ...(full && { from_branch_id: this.shop.branch, note: `Sample ${++counter}` })
    }),
    'stock-transfer-receipts': async (full) => {
      const transfer = await this.#underWay()
      const items = transfer.items.map(({ id, quantity }: Json) => ({ item_id: id, quantity: quantity - 0.5 }))
      return { transfer_id: transfer.id, ...(full && { note: `Sample ${++counter}`, items }) }
    },
    'stock-counts': async (full) => ({
      branch_id: await this.#uncounted(),
      ...(full && { cut_off: '2026-01-31T09:30:00.000Z', note: `Sample ${++counter}` })
    }),
    'stock-count-lines': async (full) => ({
      count_id: (await this.#count()).id,
      product_id: (await stockedProduct(this.shop)).id,
      counted: 99.5,
      ...(full && { counted_at: new Date().toISOString(), location: 'Shelf 3' })
    }),
    'stock-count-closings': async (full) => ({
      count_id: (await this.create(resourceNamed('stock-count-lines'), {}, { full: false })).count_id,
      ...(full && { note: `Sample ${++counter}` })
    }),
    'stock-returns': async (full) => ({
      ...(await this.#goods(full)),
      items: [{ product_id: (await stockedProduct(this.shop)).id, quantity: 2 }]
    }),
    'cash-movements': async () => ({
      shift_id: (await this.create(resourceNamed('shifts'))).id,
      kind: 'paid_in',
      amount: '5.00',
      reason: 'change from the bank'
    }),
    expenses: async (full) => ({
      type_id: (await this.parent('expense-types')).id,
      amount: '3.50',
      ...(full && { branch_id: this.shop.branch, method: 'card', note: `Note ${++counter}` })
    }),
    'vendor-payments': async (full) => ({
      vendor_id: (await this.parent('vendors')).id,
      amount: '3.50',
      method: 'card',
      ...(full && { branch_id: this.shop.branch, note: `Note ${++counter}` })
    }),
    'shift-closings': async () => ({
      shift_id: (await this.create(resourceNamed('shifts'))).id,
      counted: { cash: '100.00' }
    }),
    settings: async () => {
      const { id } = await this.create(resourceNamed('branches'))
      return { branch_id: id, key: 'discount_limit_percent', value: 5 }
    },
    'order-options': async (full) => ({
      category_id: (await this.create(resourceNamed('categories'))).id,
      product_id: (await this.create(resourceNamed('products'), { kind: 'service' })).id,
      groups: [
        { name: 'Neck', options: [{ name: 'Round' }, { name: 'Polo', surcharge: '2.00' }] },
        { name: 'Print', required: false, options: [{ name: 'Back', surcharge: `${++counter}.50` }] }
      ],
      ...(full && { is_active: true })
    }),
    quotations: async (full) => ({ ...(await this.ordered(full, 'draft')), valid_until: '2099-12-31' }),
    'custom-orders': async (full) => this.ordered(full, 'pending'),
    'order-payments': async (full) => ({
      order_id: (await this.create(resourceNamed('custom-orders'))).id,
      method: 'cash',
      amount: `${(++counter % 9) + 1}.00`,
      ...(full && { register_id: this.shop.register, direction: 'in', reference: 'slip 7' })
    }),
    'stock-reservations': async () => ({
      order_id: (await this.create(resourceNamed('custom-orders'))).id,
      product_id: (await stockedProduct(this.shop)).id,
      quantity: 2.5
    }),
    // Of an order without advances, as `credit` and a delivery each take another kind of order.
    'order-closings': async () => ({
      order_id: (await this.create(resourceNamed('custom-orders'))).id,
      outcome: 'cancelled',
      reason: `Sample ${++counter}`
    }),
    'ideal-prices': async () => ({
      category_id: (await this.parent('order-options')).category_id,
      combination: 'Polo|Back',
      min_quantity: ++counter,
      price: `${++counter}.00`
    })
  }

  /** A transfer on its way to the shop. */
  async #underWay(): Promise<Json> {
    const { id } = await this.create(resourceNamed('branches'))
    const product = await stockedProduct(this.shop, {}, 0)
    await receive(this.shop, product.id, id, 5)
    const items = [{ product_id: product.id, quantity: 5 }]
    return this.create(resourceNamed('stock-transfers'), { from_branch_id: id, to_branch_id: this.shop.branch, items })
  }

  /** The shop's branch, once the count that is open there is closed. */
  async #uncounted(): Promise<string> {
    const { call, admin, branch } = this.shop
    const { body } = await call('GET', `/stock-counts?branch_id=${branch}&status=open`, undefined, admin)
    for (const { id } of body.data) await call('POST', '/stock-count-closings', { count_id: id }, admin)
    return branch
  }

  /** The count that is open at the shop, or a new one. */
  async #count(): Promise<Json> {
    const { call, admin, branch } = this.shop
    const { body } = await call('GET', `/stock-counts?branch_id=${branch}&status=open`, undefined, admin)
    return body.data[0] ?? this.create(resourceNamed('stock-counts'))
  }

  /** What deliveries and returns have beside their lines. */
  async #goods(full: boolean): Promise<Json> {
    const vendor_id = (await this.parent('vendors')).id
    if (!full) return { vendor_id }
    return { vendor_id, branch_id: this.shop.branch, date: '2026-01-31', note: `Sample ${++counter}` }
  }

  /** Valid data for a create: all fields it takes, or with `full: false` the required ones. */
  async data(resource: Resource, { full = true } = {}): Promise<Json> {
    const override = this.#overrides[resource.name]
    if (override) return override(full)
    const data: Json = {}
    for (const [name, field] of Object.entries(takenBy(resource))) {
      if (!full && field.optional) continue
      data[name] = field.ref ? (await this.#referred(field)).id : valueFor(field)
    }
    return data
  }

  /** Who approves with a PIN: the first administrator. */
  async #colleague(): Promise<Json> {
    const { body } = await this.shop.call('GET', '/auth/me', undefined, this.shop.admin)
    const pin = '4711'
    const { status } = await this.shop.call('PATCH', `/users/${body.user.id}`, { pin }, this.shop.admin)
    assert.equal(status, 200)
    return { username: body.user.username, pin }
  }

  /** The record a reference points to: the one for all, or one of its own where no two may point to the same. */
  async #referred({ ref, unique }: Field): Promise<Json> {
    return unique ? this.create(resourceNamed(ref!), {}, { full: false }) : this.parent(ref!)
  }

  /** A new record, made by the administrator over REST. */
  async create(resource: Resource, fields: Json = {}, options?: { full?: boolean }): Promise<Json> {
    if (resource.name === 'files') return this.uploaded()
    const data = { ...(await this.data(resource, options)), ...fields }
    const { status, body } = await this.shop.call('POST', `/${resource.name}`, data, this.shop.admin)
    assert.equal(status, 201, `creating ${resource.name} of ${JSON.stringify(data)}: ${JSON.stringify(body)}`)
    return body
  }

  /** A record for others to refer to: one per resource. The first branch is the shop's own. */
  parent(name: string): Promise<Json> {
    let record = this.#parents.get(name)
    if (!record) {
      record = name === 'branches' ? Promise.resolve({ id: this.shop.branch }) : this.#makeParent(name)
      this.#parents.set(name, record)
    }
    return record
  }

  async #makeParent(name: string): Promise<Json> {
    return this.create(resourceNamed(name), {}, { full: false })
  }

  /** A record that may be patched: a sale is one only while it is a draft. */
  changeable(resource: Resource): Promise<Json> {
    return this.create(resource, resource.name === 'invoices' ? { status: 'draft', payments: [] } : {})
  }

  /** Valid data for a patch that changes every field it may. References stay, unless there is nothing else to change. */
  async change(resource: Resource, record: Json): Promise<Json> {
    const { name, all, writable } = resource
    if (['invoices', 'quotations', 'custom-orders'].includes(name)) return { notes: `Changed ${++counter}` }
    // Who may hide an expense from others is a question of its own.
    if (name === 'expenses') return { note: `Changed ${++counter}` }
    if (name === 'settings') return { value: ((record.value as number) + 1) % 100 }
    const changes: Json = {}
    const free = writable.filter((field) => !all[field]!.fixed)
    for (const field of free.filter((field) => !all[field]!.ref)) {
      const { kind, options } = all[field]!
      if (kind === 'boolean') changes[field] = !record[field]
      else if (kind === 'choice') changes[field] = options.values!.find((value) => value !== record[field])
      else changes[field] = valueFor(all[field]!)
    }
    if (Object.keys(changes).length || !free.length) return changes
    const { ref } = all[free[0]!]!
    return { [free[0]!]: (await this.create(resourceNamed(ref!), {}, { full: false })).id }
  }

  /** An unpaid sale to a customer: it also makes an invoice line, a stock level and an account entry. */
  async owed(): Promise<Json> {
    const customer = await this.create(resourceNamed('customers'), { credit_limit: '1000.00' })
    const { items } = await this.data(resourceNamed('invoices'))
    return this.create(resourceNamed('invoices'), { items, payments: [], customer_id: customer.id })
  }

  /** A part of a payment on account. */
  async allocated(): Promise<Json> {
    const { customer_id } = await this.owed()
    const payment = { customer_id, method: 'cash', amount: '1.00' }
    const { body } = await this.shop.call('POST', '/payments', payment, this.shop.admin)
    const path = `/payment-allocations?payment_id=${body.id}`
    return (await this.shop.call('GET', path, undefined, this.shop.admin)).body.data[0]
  }

  /** What an order of two shirts takes. */
  private async ordered(full: boolean, status: string): Promise<Json> {
    const { category_id } = await this.parent('order-options')
    return {
      customer_id: (await this.parent('customers')).id,
      items: [{ category_id, options: { Neck: 'Polo' }, quantity: 2, price: '10.00' }],
      ...(full && {
        branch_id: this.shop.branch,
        salesman_id: (await this.parent('salesmen')).id,
        team_name: `Team ${++counter}`,
        required_by: dayFor(counter),
        rush_surcharge: '1.50',
        discounts: '1.00',
        notes: `Sample ${counter}`,
        status
      })
    }
  }

  /** The record of an import: of a file with one category. */
  async imported(as = this.shop.admin): Promise<Json> {
    const file = { 'content-type': 'text/csv' }
    const { status, body } = await this.shop.call('POST', '/categories/import', `name\nImported ${++counter}`, as, file)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }

  /** A picture that is another every time. */
  async uploaded(): Promise<Json> {
    const { status, body } = await upload(this.shop, png({ note: `Sample ${++counter}` }))
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }

  /** Some record of any resource, also of those that only other writes make. */
  async existing(resource: Resource): Promise<Json> {
    if (resource.methods.includes('create')) return this.create(resource)
    // Not the administrator's session: a test that ends it would end itself.
    const narrowed = resource.name === 'sessions' ? `&user_id=${(await this.shop.user('cashier')).id}` : ''
    if (resource.name === 'imports') return this.imported()
    if (resource.name === 'files') return this.uploaded()
    if (resource.name === 'payment-allocations') return this.allocated()
    const [parent] = resources.filter(
      ({ children, methods }) =>
        methods.includes('create') &&
        Object.values(children).some((child) => child.embed && child.resource === resource.name)
    )
    if (parent) await this.create(parent)
    const views = ['restock-levels', 'urgent-buys', 'vendor-ageing']
    if (views.includes(resource.name)) await this.create(resourceNamed('stock-receipts'))
    if (resource.name === 'commission-entries') {
      const { id: salesman_id } = await this.create(resourceNamed('salesmen'), { commission_rate: '2.5' })
      await this.create(resourceNamed('invoices'), { salesman_id })
    }
    if (!narrowed) await this.owed()
    const { body } = await this.shop.call('GET', `/${resource.name}?$limit=1${narrowed}`, undefined, this.shop.admin)
    assert.equal(body.data?.length, 1, `there is no record of ${resource.name}`)
    return body.data[0]
  }
}
