import assert from 'node:assert/strict'
import type { Socket } from 'socket.io-client'
import { v7 as uuidv7 } from 'uuid'
import type { Resource } from '../../src/schemas/define.ts'
import { resourceNamed, resources } from '../../src/schemas/index.ts'
import { Samples } from '../support/samples.ts'
import { emit, type Json, openShop, type Shop } from '../support/shop.ts'

interface Listener {
  name: string
  token: string | undefined
  socket: Socket
  heard: [event: string, record: Json][]
}

let shop: Shop
let samples: Samples
let listeners: Listener[]

async function listen(name: string, token?: string): Promise<Listener> {
  const socket = await shop.socket(token)
  const heard: Listener['heard'] = []
  socket.onAny((event: string, record: Json) => heard.push([event, record]))
  return { name, token, socket, heard }
}

/** What everybody hears of one record while `work` runs. A call there and back is behind whatever was sent before it. */
async function hearing(
  resource: Resource,
  id: () => string,
  work: () => Promise<unknown>
): Promise<Map<Listener, Json[]>> {
  for (const { heard } of listeners) heard.length = 0
  await work()
  await Promise.all(listeners.map(({ socket }) => emit(socket, 'find', 'branches', {})))
  return new Map(
    listeners.map((listener) => [
      listener,
      listener.heard
        .filter(([event, record]) => event.startsWith(`${resource.name} `) && record.id === id())
        .map(([event, record]) => ({ event, record }))
    ])
  )
}

/** The record as each listener reads it, or undefined where it is hidden; without what depends on who reads. */
async function readings({ name, personal }: Resource, id: string): Promise<Map<Listener, Json | undefined>> {
  const read = async (listener: Listener): Promise<[Listener, Json | undefined]> => {
    const { status, body } = await shop.call('GET', `/${name}/${id}`, undefined, listener.token)
    for (const field of personal) delete body[field]
    return [listener, status === 200 ? body : undefined]
  }
  return new Map(await Promise.all(listeners.map(read)))
}

function assertHeard(event: string, heard: Map<Listener, Json[]>, readable: Map<Listener, Json | undefined>): void {
  for (const [listener, events] of heard) {
    const record = readable.get(listener)
    assert.deepEqual(events, record ? [{ event, record }] : [], `${listener.name} and ${event}`)
  }
}

const write = async (method: string, path: string, body?: Json): Promise<Json> => {
  const answer = await shop.call(method, path, body, shop.admin)
  assert.ok(answer.status < 300, JSON.stringify(answer.body))
  return answer.body
}

function tells(resource: Resource): void {
  const { name, methods } = resource

  if (methods.includes('create'))
    it('is told of when created to those who may read it, as they may read it, and once', async () => {
      const data = { ...(await samples.data(resource)), id: uuidv7() }
      const heard = await hearing(
        resource,
        () => data.id,
        () => write('POST', `/${name}`, data)
      )
      assertHeard(`${name} created`, heard, await readings(resource, data.id))
      const again = await hearing(
        resource,
        () => data.id,
        () => write('POST', `/${name}`, data)
      )
      assert.deepEqual([...again.values()].flat(), [], 'a replay is no event')
    })

  if (methods.includes('patch'))
    it('is told of when patched, and not when nothing changed', async () => {
      const record = await samples.changeable(resource)
      const changes = await samples.change(resource, record)
      const heard = await hearing(
        resource,
        () => record.id,
        () => write('PATCH', `/${name}/${record.id}`, changes)
      )
      assertHeard(`${name} patched`, heard, await readings(resource, record.id))
      const again = await hearing(
        resource,
        () => record.id,
        () => write('PATCH', `/${name}/${record.id}`, {})
      )
      assert.deepEqual([...again.values()].flat(), [], 'an empty patch is no event')
      const refused = await hearing(
        resource,
        () => record.id,
        () => shop.call('PATCH', `/${name}/${record.id}`, { version: 1 }, shop.admin)
      )
      assert.deepEqual([...refused.values()].flat(), [], 'a refused patch is no event')
    })

  if (methods.includes('remove'))
    it('is told of when removed', async () => {
      const record = await samples.existing(resource)
      const readable = await readings(resource, record.id)
      const heard = await hearing(
        resource,
        () => record.id,
        () => write('DELETE', `/${name}/${record.id}`)
      )
      if (name !== 'sessions') return assertHeard(`${name} removed`, heard, readable)
      const told = [...heard].filter(([, events]) => events.length).map(([listener]) => listener.name)
      assert.deepEqual(told, ['admin'])
    })
}

describe('Every event', () => {
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    const other = await samples.create(resourceNamed('branches'))
    const [employee, cashier, stranger, distant] = await Promise.all([
      shop.user('employee'),
      shop.user('cashier'),
      shop.user('cashier', other.id),
      shop.user('employee', other.id)
    ])
    listeners = await Promise.all([
      listen('admin', shop.admin),
      listen('employee', employee.token),
      listen('cashier', cashier.token),
      listen('cashier elsewhere', stranger.token),
      listen('employee elsewhere', distant.token),
      listen('nobody')
    ])
  })
  after(() => shop.close())

  for (const resource of resources) describe(resource.name, () => tells(resource))

  it('is heard by somebody and not by everybody: the branches are kept apart', async () => {
    const products = resourceNamed('products')
    const id = uuidv7()
    const data = { ...(await samples.data(products)), id, branch_id: shop.branch }
    const heard = await hearing(
      products,
      () => id,
      () => write('POST', '/products', data)
    )
    const told = [...heard].filter(([, events]) => events.length).map(([listener]) => listener.name)
    assert.deepEqual(told, ['admin', 'employee', 'cashier'])
  })
})
