import assert from 'node:assert/strict'
import { compileAccess } from '../../src/policy/access.ts'
import { BUILT_IN_ROLES, presetOf, requireComplete } from '../../src/policy/presets.ts'
import { pruneRecord } from '../../src/policy/prune.ts'
import { resourceNamed, resources } from '../../src/schemas/index.ts'
import { grants, hidden } from './roles.ts'

const ACTIONS = { find: 'read', get: 'read', create: 'create', patch: 'update', remove: 'delete' } as const

describe('The preset rules', () => {
  it('allow what the table says, and nothing beside it', () => {
    for (const role of BUILT_IN_ROLES) {
      const table = compileAccess(presetOf(role))
      for (const { name, methods } of resources)
        for (const method of methods) {
          const allowed = table.of(name, ACTIONS[method]) !== null
          assert.equal(allowed, grants[name]![role].verbs.includes(method), `${role} ${method} ${name}`)
        }
    }
  })

  it('allow every field but the hidden ones', () => {
    for (const role of BUILT_IN_ROLES) {
      const table = compileAccess(presetOf(role))
      for (const { name, readable } of resources) {
        const access = table.of(name, 'read')
        if (!access) continue
        const without = readable.filter((field) => !access.has.has(field))
        assert.deepEqual(
          without.sort(),
          role === 'admin' ? [] : [...(hidden[role][name] ?? [])].sort(),
          `${role} ${name}`
        )
      }
    }
  })

  it('confine employees and cashiers where the table says so, and nobody else', () => {
    for (const role of BUILT_IN_ROLES)
      for (const { name } of resources) {
        const access = compileAccess(presetOf(role)).of(name, 'read')
        if (access)
          assert.equal(access.alternatives === undefined, grants[name]![role].rows === 'every', `${role} ${name}`)
      }
  })

  it('know no service that is not listed, and no method of one', () => {
    requireComplete({ 'auth/login': ['create'], authentication: ['create', 'remove'], brands: ['find'] })
    assert.throws(() => requireComplete({ reports: ['find'] }), /no line for find of reports/)
    assert.throws(() => requireComplete({ 'auth/login': ['create', 'find'] }), /no line for find of auth\/login/)
  })
})

describe('Access', () => {
  it('is refused without a rule', () => {
    const table = compileAccess([{ action: ['read'], subject: ['brands'] }])
    assert.equal(table.of('brands', 'create'), null)
    assert.equal(table.of('products', 'read'), null)
    assert.equal(table.of('nothing of ours', 'read'), null)
  })

  it('gives of several rules only the fields that all of them give, as a row may fall under any', () => {
    const table = compileAccess([
      {
        action: ['read'],
        subject: ['products'],
        fields: ['name', 'cost_price'],
        conditions: { branch_id: '$user.branch_id' }
      },
      { action: ['read'], subject: ['products'], fields: ['name', 'sku'] }
    ])
    assert.deepEqual(table.of('products', 'read')!.fields, ['id', 'name'])
    assert.equal(table.of('products', 'read')!.alternatives, undefined)
  })

  it('reaches to a change only where it reaches to a look', () => {
    const table = compileAccess([
      { action: ['read'], subject: ['invoices'], conditions: { status: 'draft' } },
      { action: ['update'], subject: ['invoices'] }
    ])
    assert.deepEqual(table.of('invoices', 'update')!.alternatives, table.of('invoices', 'read')!.alternatives)
  })

  it('shows of a written record what may be read of it, children included', () => {
    const cashier = compileAccess(presetOf('cashier'))
    const item = { id: '2', name: 'Tea', unit_cost: '1.0000' }
    const record = { id: '1', totals: { total: '5.00' }, items: [item], payments: [] }
    assert.deepEqual(pruneRecord(resourceNamed('invoices'), record, cashier), {
      ...record,
      items: [{ id: '2', name: 'Tea' }]
    })
    const blind = compileAccess([{ action: ['create'], subject: ['invoices'] }])
    assert.deepEqual(pruneRecord(resourceNamed('invoices'), record, blind), { id: '1' })
  })
})
