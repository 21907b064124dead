import assert from 'node:assert/strict'
import { descriptorsFor } from '../../src/docs/descriptors.ts'
import { AccessTable } from '../../src/policy/access.ts'
import { BUILT_IN_ROLES, type BuiltInRole, presetOf } from '../../src/policy/presets.ts'
import { resourceNamed, resources } from '../../src/schemas/index.ts'

interface Shape {
  properties: Record<string, Shape & { items: Shape }>
}
interface Descriptor {
  name: string
  label: string
  methods: string[]
  fields: (Record<string, unknown> & { name: string })[]
  relations: Record<string, { field: string; resource: string }>
  children: Record<string, unknown>
  schema: Shape
  create?: Shape
  patch?: Shape
}

const tableOf = (role: BuiltInRole) => new AccessTable(presetOf(role))
const tables = Object.fromEntries(BUILT_IN_ROLES.map((role) => [role, tableOf(role)])) as Record<
  BuiltInRole,
  AccessTable
>
const describedTo = (role: BuiltInRole) => descriptorsFor(tables[role]) as Descriptor[]
const find = (role: BuiltInRole, name: string) => describedTo(role).find((one) => one.name === name)!
const field = (role: BuiltInRole, resource: string, name: string) =>
  find(role, resource).fields.find((one) => one.name === name)

/** Fails when a field shows that is out of the role's reach; answers how many there were to hide. */
function checkHidden(role: BuiltInRole, { name, fields, schema, create, patch }: Descriptor): number {
  const may = (action: 'read' | 'create' | 'update') => tables[role].of(name, action)?.has ?? new Set<string>()
  const [read, made, changed] = [may('read'), may('create'), may('update')]
  for (const one of fields) assert.ok(read.has(one.name) || made.has(one.name) || changed.has(one.name))
  for (const one of Object.keys(create?.properties ?? {})) assert.ok(made.has(one), `${role} ${name}.${one}`)
  for (const one of Object.keys(patch?.properties ?? {})) assert.ok(one === 'version' || changed.has(one))
  const hidden = Object.keys(resourceNamed(name).all).filter((one) => !read.has(one))
  for (const one of hidden) assert.ok(!schema.properties[one], `${role} sees ${name}.${one}`)
  return hidden.length
}

describe('descriptors of the resources', () => {
  it('cover exactly what the caller may read', () => {
    for (const role of BUILT_IN_ROLES) {
      const readable = resources.filter(({ name }) => tables[role].of(name, 'read')).map(({ name }) => name)
      assert.deepEqual(
        describedTo(role).map(({ name }) => name),
        readable
      )
    }
  })

  it('mention no field that the caller may neither read nor write', () => {
    let hidden = 0
    for (const role of BUILT_IN_ROLES) for (const one of describedTo(role)) hidden += checkHidden(role, one)
    assert.ok(hidden > 10)
  })

  it('never tell a cashier of costs, vendors or hashes', () => {
    const text = JSON.stringify(describedTo('cashier'))
    for (const word of ['cost_price', 'average_cost', 'unit_cost', 'vendor', 'credit_limit', '_hash', 'commission'])
      assert.ok(!text.includes(word), word)
    assert.ok(JSON.stringify(describedTo('admin')).includes('cost_price'))
  })

  it('describe a field for a form and a list', () => {
    assert.deepEqual(field('employee', 'products', 'unit_price'), {
      name: 'unit_price',
      title: 'Unit price',
      kind: 'money',
      required: true,
      readOnly: false,
      searchable: false,
      sortable: true,
      filterable: true,
      creatable: true,
      patchable: true
    })
    assert.equal(field('cashier', 'products', 'unit_price')!.readOnly, true)
    assert.equal(field('cashier', 'products', 'unit_price')!.required, false)
    assert.equal(field('admin', 'products', 'sku')!.searchable, true)
    assert.equal(field('admin', 'products', 'stock_level')!.sortable, false)
    assert.equal(field('admin', 'registers', 'code')!.patchable, false)
    assert.equal(field('admin', 'registers', 'code')!.creatable, true)
    assert.equal(field('admin', 'users', 'password')!.writeOnly, true)
    assert.equal(field('admin', 'invoices', 'total')!.under, 'totals')
  })

  it('offer relations, children and methods within reach', () => {
    assert.deepEqual(find('admin', 'products').relations.vendor, { field: 'vendor_id', resource: 'vendors' })
    assert.equal(field('admin', 'products', 'vendor_id')!.relation, 'vendors')
    assert.ok(!('vendor' in find('cashier', 'products').relations))
    // An include of `created_by` would take the place of the id that the field holds.
    assert.ok(!('created_by' in find('admin', 'invoices').relations))
    assert.deepEqual(Object.keys(find('cashier', 'invoices').children), ['items', 'payments'])
    assert.ok(find('cashier', 'invoices').schema.properties.items!.items.properties.unit_price)
    assert.deepEqual(find('cashier', 'products').methods, ['find', 'get'])
    assert.deepEqual(find('cashier', 'customers').methods, ['find', 'get', 'create'])
    assert.ok(find('cashier', 'customers').create && !find('cashier', 'customers').patch)
  })

  it('name records by another field where the label is hidden', () => {
    const rules = [{ action: ['read'], subject: ['products'], fields: ['sku'] }]
    const [products] = descriptorsFor(new AccessTable(rules)) as Descriptor[]
    assert.equal(products!.label, 'id')
    assert.deepEqual(
      products!.fields.map(({ name }) => name),
      ['id', 'sku']
    )
  })

  it('are made once per role', () => assert.equal(descriptorsFor(tables.admin), descriptorsFor(tables.admin)))
})
