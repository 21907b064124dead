import assert from 'node:assert/strict'
import type { Gate } from '../../src/schemas/conditions.ts'
import { defineResource, type Resource } from '../../src/schemas/define.ts'
import { ref, text } from '../../src/schemas/fields.ts'
import { resourceNamed } from '../../src/schemas/index.ts'
import { gateBehind, relationOf } from '../../src/schemas/paths.ts'

const path = (reason: string) => (error: { errors: { path: string; message: string }[] }) => {
  assert.equal(`${error.errors[0]!.path} ${error.errors[0]!.message}`, reason)
  return true
}

describe('The way to related records', () => {
  const tours = defineResource('tours', {
    fields: { name: text(), branch_id: ref('branches') },
    children: {
      paid: { resource: 'payments', field: 'invoice_id' },
      stops: { resource: 'payments', field: 'invoice_id', embed: true }
    },
    label: 'name'
  }) as unknown as Resource
  const gate = (seen: readonly string[], rows = [{ field: 'method', op: '$eq' as const, value: 'cash' }]): Gate => ({
    resource: tours,
    readable: new Set(['id', 'name', 'branch_id']),
    textual: false,
    related: (name) => {
      const fields = name === 'payments' ? seen : resourceNamed(name).readable
      return { fields, has: new Set(fields), alternatives: rows }
    }
  })

  it('is not there where the child does not tell whose it is, unless it is part of the record', () => {
    const hiding = gate(['id', 'method'])
    assert.throws(() => relationOf(hiding, 'paid'), path('paid is not a relation'))
    assert.throws(() => relationOf(hiding, 'paid', 'paid.method'), path('paid.method is not a field'))
    assert.throws(() => relationOf(hiding, 'nope', 'nope.method'), path('nope.method is not a field'))
    assert.equal(relationOf(hiding, 'stops').many, true)
    assert.equal(relationOf(gate(['id', 'method', 'invoice_id']), 'paid').their, 'invoice_id')
  })

  it('keeps the rule on the rows of all but what is part of the record', () => {
    const seeing = gate(['id', 'method', 'invoice_id'])
    assert.equal(relationOf(seeing, 'paid').access.alternatives?.length, 1)
    assert.equal(relationOf(seeing, 'branch').access.alternatives?.length, 1)
    assert.equal(relationOf(seeing, 'stops').access.alternatives, undefined)
  })

  it('is no longer than three steps, whatever stands before it', () => {
    let here: Gate = { ...gate(resourceNamed('payments').readable), prefix: '$include.' }
    for (const name of ['paid', 'invoice', 'customer']) here = gateBehind(here, relationOf(here, name))
    assert.throws(
      () => relationOf(here, 'branch'),
      path('$include.paid.invoice.customer.branch is more than 3 relations away')
    )
  })
})
