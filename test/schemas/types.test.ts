import assert from 'node:assert/strict'
import type { Definitions } from '../../src/schemas/index.ts'
import type {
  ChildrenOf,
  ComputedOf,
  CreateOf,
  FieldsOf,
  MethodsOf,
  PatchOf,
  RelationsOf,
  RowOf
} from '../../src/schemas/infer.ts'

type Product = RowOf<Definitions['products']>
type NewProduct = CreateOf<Definitions['products']>
type ProductChange = PatchOf<Definitions['products']>
type Invoice = RowOf<Definitions['invoices'], Definitions>
type NewInvoice = CreateOf<Definitions['invoices']>
type User = RowOf<Definitions['users']>

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

  it('group, embed and leave out as answers do', () => {
    holds<Same<Invoice['totals']['balance'], string>>()
    holds<Same<Invoice['items'][number]['price_source'], 'list' | 'price_list' | 'barcode' | 'override'>>()
    holds<Same<Extract<keyof Invoice, 'total' | 'expected_total'>, never>>()
    holds<Same<FieldsOf<Definitions['invoices']>['total'], string>>()
    holds<Same<Extract<keyof User, 'password' | 'password_hash' | 'pin_hash'>, never>>()
    // A row that never changes has no version.
    holds<Same<Extract<keyof RowOf<Definitions['payments']>, 'version' | 'updated_at'>, never>>()
    holds<Same<RowOf<Definitions['stock-levels']>['version'], number>>()
  })

  it('take what a client may set, and nothing else', () => {
    holds<Same<NewInvoice['items'][number]['quantity'], number>>()
    holds<Same<NewInvoice['expected_total'], string | null | undefined>>()
    holds<Same<Extract<keyof NewInvoice, 'invoice_no' | 'total' | 'created_at'>, never>>()
    holds<Same<CreateOf<Definitions['users']>['password'], string>>()
    holds<Same<PatchOf<Definitions['users']>['pin'], string | null | undefined>>()
    // Fixed at the creation.
    holds<Same<Extract<keyof PatchOf<Definitions['registers']>, 'branch_id' | 'code' | 'id'>, never>>()
    holds<Same<Extract<keyof ProductChange, 'stock_level'>, never>>()
  })

  it('know relations, lists, computed fields and methods', () => {
    holds<Same<RelationsOf<Definitions['products']>['vendor'], 'vendors'>>()
    holds<Same<keyof RelationsOf<Definitions['payment-methods']>, never>>()
    holds<Same<ChildrenOf<Definitions['invoices']>['items'], 'invoice-items'>>()
    holds<Same<ComputedOf<Definitions['products']>, 'stock_level'>>()
    holds<Same<MethodsOf<Definitions['payments']>, 'find' | 'get' | 'create'>>()
    holds<Same<MethodsOf<Definitions['products']>, 'find' | 'get' | 'create' | 'patch' | 'remove'>>()
  })
})
