import assert from 'node:assert/strict'
import { type Answer, type Json, type Shop, stockedProduct } from './shop.ts'

let codes = 0

/** A till of a shop: what people do at it, each step asserted. */
export class Till {
  readonly shop: Shop
  readonly register: string
  readonly as: string
  readonly product: Json

  private constructor(shop: Shop, register: string, as: string, product: Json) {
    this.shop = shop
    this.register = register
    this.as = as
    this.product = product
  }

  /** A register of its own; `as` is the token of who stands at it. The product costs 10.00. */
  static async open(shop: Shop, as = shop.admin, branch_id = shop.branch): Promise<Till> {
    const code = `T${++codes}`
    const { status, body } = await shop.call('POST', '/registers', { branch_id, code }, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    return new Till(shop, body.id, as, await stockedProduct(shop, {}, 1000))
  }

  call(path: string, data: Json, as = this.as): Promise<Answer> {
    return this.shop.call('POST', path, { register_id: this.register, ...data }, as)
  }

  async make(path: string, data: Json = {}, as = this.as): Promise<Json> {
    const { status, body } = await this.call(path, data, as)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }

  shift = (float = '100.00') => this.make('/shifts', { float })
  close = (cash: string, fields: Json = {}) => this.make('/shift-closings', { counted: { cash }, ...fields })

  sell(quantity = 1, fields: Json = {}): Promise<Json> {
    const payments = [{ method: 'cash', amount: `${quantity * 10}.00` }]
    return this.make('/invoices', { items: [{ product_id: this.product.id, quantity }], payments, ...fields })
  }

  async read(path: string, as = this.as): Promise<Json> {
    const { status, body } = await this.shop.call('GET', path, undefined, as)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
}

/** Asserts a refusal by its status and word. */
export const refused = ({ status, body }: Answer, code: number, reason: string): void =>
  assert.deepEqual([status, body.data?.reason], [code, reason], JSON.stringify(body))
