import assert from 'node:assert/strict'
import type { Json, Shop } from './shop.ts'

let registers = 0

/** The day so many days ago, in UTC, and noon of it. */
export const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
const noonOf = (day: string): Date => new Date(`${day}T12:00:00Z`)

/**
 * Documents of other days. A request has no way to say when it is, so they are made as the demo shop makes them: by the services
 * inside the process, one after the other in the order of time, at a register of its own: numbers of invoices follow time.
 */
export class Past {
  readonly #shop: Shop
  readonly #register: string
  #minutes = 0

  private constructor(shop: Shop, register: string) {
    this.#shop = shop
    this.#register = register
  }

  static async open(shop: Shop, branch_id = shop.branch): Promise<Past> {
    const code = `P${++registers}`
    const { status, body } = await shop.call('POST', '/registers', { branch_id, code }, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    return new Past(shop, body.id)
  }

  /** Makes one on a day, a minute after the one before, so that what is of one day has an order. */
  on(day: string, path: string, data: Json): Promise<Json> {
    this.#minutes += 1
    return this.at(new Date(noonOf(day).getTime() + this.#minutes * 60_000), path, data)
  }

  async at(at: Date, path: string, data: Json): Promise<Json> {
    const till = ['invoices', 'refunds', 'invoice-voids'].includes(path)
    const service = this.#shop.running.regal.services.get(path)!
    return service.create({ ...(till && { register_id: this.#register }), ...data }, { at })
  }
}
