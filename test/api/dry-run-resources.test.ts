import assert from 'node:assert/strict'
import type { Resource } from '../../src/schemas/define.ts'
import { resources } from '../../src/schemas/index.ts'
import { rehearse, steady } from '../support/rehearsal.ts'
import { Samples } from '../support/samples.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'
import { type Transport, transports } from '../support/transports.ts'

let shop: Shop
let samples: Samples
let ways: Transport[]

/** Fields of a change that the record has too are as the record has them. */
function assertFits(change: Json, record: Json): void {
  const { updated_at: _, ...fields } = change
  for (const [name, value] of Object.entries(fields)) if (name in record) assert.deepEqual(value, record[name], name)
}

function rehearses(resource: Resource): void {
  const { name, methods } = resource

  if (methods.includes('create'))
    it('answers a create as the create itself, and shows what it would make', async () => {
      const data = await samples.data(resource)
      const { result, changes } = await rehearse(shop, ways, 'create', name, { data, as: shop.admin })
      const { body } = await shop.call('POST', `/${name}`, data, shop.admin)
      assert.deepEqual(steady(result), steady(body))
      const change = changes.find(({ id }: Json) => id === result.id)
      assert.deepEqual([change.resource, change.action, change.before], [name, 'create', null])
      assertFits(change.after, result)
    })

  if (methods.includes('patch'))
    it('answers a patch as the patch itself, and shows what it would change', async () => {
      const record = await samples.changeable(resource)
      const asked = { id: record.id, data: await samples.change(resource, record), as: shop.admin }
      const { result, changes } = await rehearse(shop, ways, 'patch', name, asked)
      const { body } = await shop.call('PATCH', `/${name}/${record.id}`, asked.data, shop.admin)
      assert.deepEqual(steady(result), steady(body))
      const change = changes.find(({ id }: Json) => id === record.id)
      assert.deepEqual([change.resource, change.action], [name, 'patch'])
      assert.equal(change.after.version, body.version)
      assertFits(change.before, record)
      assertFits(change.after, body)
    })

  if (methods.includes('remove'))
    it('answers a removal as the removal itself, and shows what would be gone', async () => {
      const record = await samples.existing(resource)
      const { result, changes } = await rehearse(shop, ways, 'remove', name, { id: record.id, as: shop.admin })
      assert.equal(changes[0].id, record.id)
      if (changes[0].action === 'remove') {
        assert.equal(changes[0].after, null)
        assertFits(changes[0].before, record)
      }
      const { status, body } = await shop.call('DELETE', `/${name}/${record.id}`, undefined, shop.admin)
      assert.equal(status, 200)
      assert.deepEqual(steady(result), steady(body))
    })
}

describe('A dry run of every write', () => {
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    ways = transports(shop)
  })
  after(() => shop.close())

  for (const resource of resources.filter(({ methods }) => methods.some((method) => !['find', 'get'].includes(method))))
    describe(resource.name, () => rehearses(resource))
})
