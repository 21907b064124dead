import type { EmbeddedPattern } from '../../domain/embedded-barcode.ts'

/** Where and under which rules a sale happens, read together with its products in one statement. */
export interface Place {
  register_id: string
  register_code: string
  register_active: boolean
  branch_id: string
  branch_code: string
  branch_active: boolean
  timezone: string
  prices_include_tax: boolean
  tax_rounding: 'line' | 'document'
  stock_policy: 'block' | 'warn' | 'allow'
  /** Of the branch, else of all; left out where neither has it. */
  settings: {
    discount_limit_percent?: number
    override_limit_percent?: number
    embedded_barcodes?: EmbeddedPattern[]
  }
  /** Null: none was named, or there is none with this id. */
  customer: Party | null
  salesman: (Party & { commission_rate: string }) | null
  methods: string[]
  cash_methods: string[]
}

/** What decides whether a sale may name this customer or salesman. */
export interface Party {
  id: string
  branch_id: string | null
  is_active: boolean
}

export interface ProductForSale {
  product_id: string
  sku: string
  name: string
  kind: 'goods' | 'service'
  barcode: string | null
  article_no: string | null
  unit_price: string
  cost_price: string
  tax_rate: string
  discount: string
  product_active: boolean
  product_branch_id: string | null
  /** Of the price lists that hold for this customer today; null: none has it. */
  offers: { price_list_id: string; min_quantity: string; price: string }[] | null
  /** Null: the branch never had this product. */
  on_hand: string | null
  /** How much of it is kept for orders. */
  reserved: string | null
  average_cost: string | null
}

export interface Asked {
  register_id: string | null
  branch_id: string | null
  /** Who sells: without a register named, the one whose shift they opened is theirs. */
  user_id: string | null
  /** Whether that may be at another branch. */
  anywhere: boolean
  customer_id: string | null
  salesman_id: string | null
  methods: string[]
  ids: string[]
  barcodes: string[]
  skus: string[]
  /** When the sale is, where that is not now. */
  at?: Date | undefined
}
