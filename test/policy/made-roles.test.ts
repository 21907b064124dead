import assert from 'node:assert/strict'
import { resourceNamed } from '../../src/schemas/index.ts'
import { Samples } from '../support/samples.ts'
import { emit, type Json, nextEvent, openShop, PASSWORD, type Shop } from '../support/shop.ts'

describe('A role made by an administrator', () => {
  let shop: Shop
  let samples: Samples
  let count = 0
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
  })
  after(() => shop.close())

  async function holder(permissions: Json[]): Promise<{ role: Json; token: string }> {
    const role = await samples.create(resourceNamed('roles'), { name: `role ${++count}`, permissions })
    const name = { username: `holder-${count}`, password: PASSWORD, role_id: role.id, branch_id: shop.branch }
    await samples.create(resourceNamed('users'), name)
    return { role, token: await shop.signIn(`holder-${count}`) }
  }

  it('may what its rules say, over the rows and fields they say', async () => {
    const { token } = await holder([
      {
        action: ['read', 'create'],
        subject: ['products'],
        fields: ['name', 'sku', 'unit_price'],
        conditions: { is_active: true }
      },
      { action: ['read'], subject: ['brands'] }
    ])
    const shown = await samples.create(resourceNamed('products'), { is_active: true })
    const hidden = await samples.create(resourceNamed('products'), { is_active: false })
    const read = await shop.call('GET', `/products/${shown.id}`, undefined, token)
    assert.deepEqual(read.body, { id: shown.id, sku: shown.sku, name: shown.name, unit_price: shown.unit_price })
    assert.equal((await shop.call('GET', `/products/${hidden.id}`, undefined, token)).status, 404)
    assert.equal((await shop.call('GET', '/brands', undefined, token)).status, 200)
    assert.equal((await shop.call('GET', '/categories', undefined, token)).status, 403)
    assert.equal((await shop.call('PATCH', `/products/${shown.id}`, { name: 'x' }, token)).status, 403)
    const refused = await shop.call('GET', '/products?is_active=true', undefined, token)
    assert.equal(refused.status, 400)
  })

  it('hears what its rules let it read, from the moment the role is made', async () => {
    const { token } = await holder([{ action: ['read'], subject: ['brands'], fields: ['name'] }])
    const socket = await shop.socket(token)
    const heard = nextEvent(socket, 'brands created')
    const brand = await samples.create(resourceNamed('brands'))
    assert.deepEqual(await heard, { id: brand.id, name: brand.name })
  })

  it('may something else as soon as its rules are changed, on open sockets too', async () => {
    const { role, token } = await holder([{ action: ['read'], subject: ['brands'] }])
    const socket = await shop.socket(token)
    assert.equal((await emit(socket, 'find', 'brands', {})).error, undefined)
    const permissions = [{ action: ['read'], subject: ['categories'] }]
    assert.equal((await shop.call('PATCH', `/roles/${role.id}`, { permissions }, shop.admin)).status, 200)
    assert.equal((await emit(socket, 'find', 'brands', {})).error?.code, 403)
    assert.equal((await emit(socket, 'find', 'categories', {})).error, undefined)
    const heard = nextEvent(socket, 'categories created')
    const category = await samples.create(resourceNamed('categories'))
    assert.equal((await heard).id, category.id)
  })

  it('is refused with rules that say what does not exist', async () => {
    const wrong = [
      { action: ['fly'], subject: ['brands'] },
      { action: ['read'], subject: ['nothing'] },
      { action: ['read'], subject: ['brands'], fields: ['nope'] },
      { action: ['read'], subject: ['users'], fields: ['password_hash'] },
      { action: ['read'], subject: ['brands'], conditions: { nope: 1 } },
      { action: ['read'], subject: ['users'], conditions: { password_hash: 'x' } },
      { action: ['read'], subject: ['brands'], conditions: { name: { $where: 'x' } } },
      { action: ['read'], subject: ['all'], conditions: { id: 'x' } },
      { action: ['read'], subject: ['brands'], inverted: true },
      { action: [], subject: ['brands'] }
    ]
    for (const rule of wrong) {
      const { status, body } = await shop.call('POST', '/roles', { name: 'wrong', permissions: [rule] }, shop.admin)
      assert.equal(status, 400, JSON.stringify([rule, body]))
      assert.match(body.errors[0].path, /^permissions/)
    }
  })

  it('leaves the built-in ones their names and the administrator all rules', async () => {
    const { body } = await shop.call('GET', '/roles?is_builtin=true', undefined, shop.admin)
    assert.equal(body.total, 3)
    for (const { id, name } of body.data) {
      for (const refused of [
        await shop.call('PATCH', `/roles/${id}`, { name: 'other' }, shop.admin),
        await shop.call('DELETE', `/roles/${id}`, undefined, shop.admin),
        ...(name === 'admin' ? [await shop.call('PATCH', `/roles/${id}`, { permissions: [] }, shop.admin)] : [])
      ])
        assert.equal(refused.body.data?.reason, 'builtin_role', name)
    }
  })
})
