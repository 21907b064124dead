import assert from 'node:assert/strict'
import type { CreateOf, PatchOf, RowOf } from '../../src/schemas/define.ts'
import type { products } from '../../src/schemas/products.ts'

type Product = RowOf<typeof products>
type NewProduct = CreateOf<typeof products>
type ProductChange = PatchOf<typeof products>

/** Compiles only when `A` and `B` are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <T extends true>(_proof?: T): void => {}

describe('The types inferred from a definition', () => {
  it('are those of the wire, checked by the compiler', () => {
    holds<Same<Product['unit_price'], string>>()
    holds<Same<Product['barcode'], string | null>>()
    holds<Same<Product['limited_qty'], number>>()
    holds<Same<Product['version'], number>>()
    const least: NewProduct = { sku: 'A', name: 'A', unit_price: '1.00', cost_price: '0.50' }
    const change: ProductChange = { name: 'B', version: 1 }
    // @ts-expect-error a name is text
    const wrong: NewProduct = { ...least, name: 1 }
    // @ts-expect-error a product needs a price
    const incomplete: NewProduct = { sku: 'A', name: 'A', cost_price: '0.50' }
    assert.deepEqual([least.sku, change.version, wrong.name, incomplete.sku], ['A', 1, 1, 'A'])
  })
})
