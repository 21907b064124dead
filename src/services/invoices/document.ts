import { commissionOf } from '../../domain/commission.ts'
import { formatDecimal } from '../../domain/decimal.ts'
import { parsePercent } from '../../domain/percent.ts'
import { quantityToNumber } from '../../domain/quantity.ts'
import { CREDIT_NOTE } from '../../domain/tender.ts'
import { newId } from '../../ids.ts'
import type { Row } from '../projection.ts'
import type { ComputedSale } from './price.ts'
import { rateWire, shortages, stockNeeds, tracesOf, wire } from './price.ts'
import type { Document } from './sale.sql.ts'

interface Header {
  id: string
  customer_id: string | null
  salesman_id: string | null
  notes: string | null
  created_by: string | null
  approved_by: string | null
}

const cost = ({ average_cost, cost_price }: ComputedSale['lines'][number]['product']) =>
  average_cost && Number(average_cost) > 0 ? average_cost : cost_price

const quantityText = (quantity: bigint) => formatDecimal(quantity, 3)

/** A computed sale as the rows it becomes. A draft has no number, no movements and no payments. */
export function documentOf(sale: ComputedSale, header: Header, draft: boolean): Document {
  const { place, priced } = sale
  const needs = stockNeeds(sale)
  return {
    prefix: `${place.branch_code}-${place.register_code}-`,
    invoice: {
      ...header,
      branch_id: place.branch_id,
      register_id: place.register_id,
      business_date: sale.businessDate,
      status: draft ? 'draft' : sale.status,
      prices_include_tax: place.prices_include_tax,
      tax_rounding: place.tax_rounding,
      subtotal: wire(priced.subtotal),
      discount: wire(priced.discount),
      tax: wire(priced.tax),
      total: wire(priced.total),
      paid: wire(draft ? 0n : sale.paid),
      change: wire(draft ? 0n : sale.change),
      balance: wire(draft ? priced.total : sale.balance),
      ...earned(sale, draft),
      discounts: wire(priced.lines.reduce((sum, line) => sum + line.documentDiscount, 0n)),
      taxes: JSON.stringify(
        priced.taxes.map(({ rate, base, tax }) => ({ rate: rateWire(rate), base: wire(base), tax: wire(tax) }))
      ),
      warnings: JSON.stringify(draft || place.stock_policy !== 'warn' ? [] : shortages(sale)),
      print_count: 0
    },
    lines: lineColumns(sale),
    ...(!draft && {
      stock: {
        product_id: needs.map(({ product }) => product.product_id),
        qty: needs.map(({ quantity }) => quantityText(quantity)),
        entry_id: needs.map(() => newId())
      },
      payments: {
        id: sale.payments.map(() => newId()),
        method: sale.payments.map(({ input }) => input.method),
        amount: sale.payments.map(({ amount }) => wire(amount)),
        tendered: sale.payments.map(({ tendered }) => (tendered === null ? null : wire(tendered))),
        change: sale.payments.map(({ change }) => wire(change)),
        reference: sale.payments.map(({ input }) => input.reference ?? null),
        order_id: sale.payments.map(({ input }) => input.order_id ?? null)
      },
      ...(header.customer_id && onAccount(sale))
    })
  }
}

/** What the salesman earns, at the rate of now; a draft earns nothing. */
function earned({ place: { salesman }, priced: { total, tax } }: ComputedSale, draft: boolean) {
  if (draft || !salesman) return { commission_rate: null, commission: '0' }
  const commission = commissionOf(total - tax, parsePercent(salesman.commission_rate))
  return { commission_rate: salesman.commission_rate, commission: wire(commission) }
}

/** What goes on the customer's account: what is not paid, and what is paid by the credit that is there. */
function onAccount({ balance, payments }: ComputedSale): Pick<Document, 'owed'> {
  const drawn = payments.reduce((sum, { input, amount }) => (input.method === CREDIT_NOTE ? sum + amount : sum), 0n)
  if (balance + drawn === 0n) return {}
  const owed = { amount: wire(balance + drawn), entry_id: newId() }
  return { owed: drawn > 0n ? { ...owed, unpaid: wire(balance) } : owed }
}

function lineColumns({ lines, priced }: ComputedSale): Document['lines'] {
  const each = <T>(value: (line: (typeof lines)[number], i: number) => T) => lines.map(value)
  return {
    id: each(() => newId()),
    line_no: each((_, i) => i + 1),
    product_id: each(({ product }) => product.product_id),
    name: each(({ product }) => product.name),
    sku: each(({ product }) => product.sku),
    quantity: each(({ quantity }) => quantityText(quantity)),
    unit_price: each(({ unitPrice }) => wire(unitPrice)),
    list_price: each(({ listPrice }) => wire(listPrice)),
    offer_price: each(({ offer }) => (offer ? wire(offer.price) : null)),
    price_list_id: each(({ offer }) => offer?.price_list_id ?? null),
    price_source: each(({ unitPrice, fairPrice, priceSource }) => (unitPrice === fairPrice ? priceSource : 'override')),
    barcode: each(({ embedded }) => embedded ?? null),
    unit_cost: each(({ product }) => cost(product)),
    discount: each((_, i) => wire(priced.lines[i]!.discount)),
    discount_source: each(({ explicitDiscount }) => (explicitDiscount ? 'given' : 'product')),
    document_discount: each((_, i) => wire(priced.lines[i]!.documentDiscount)),
    tax_rate: each(({ product }) => product.tax_rate),
    tax: each((_, i) => wire(priced.lines[i]!.tax)),
    total: each((_, i) => wire(priced.lines[i]!.total))
  }
}

/** The place `i` of all the lists as a row, after what its rows have in common. */
function rowAt(common: Row, lists: Record<string, unknown[]>, i: number): Row {
  const row = { ...common }
  for (const name in lists) row[name] = lists[name]![i]
  return row
}

/** The lines and payments as a get would read them, without reading them back. */
export function embed(invoice: Row, { lines, payments }: Document, sale: ComputedSale): Row {
  const { created_at, branch_id, business_date, customer_id, register_id, shift_id, created_by } = invoice
  const first = { id: null, created_at, invoice_id: invoice.id }
  const traces = tracesOf(sale)
  invoice.items = sale.lines.map(({ quantity }, i) => {
    const row = rowAt({ ...first, branch_id, business_date }, lines, i)
    row.quantity = quantityToNumber(quantity)
    row.trace = traces[i]
    return row
  })
  invoice.payments = (payments?.id ?? []).map((_, i) => ({
    ...rowAt({ ...first, customer_id, branch_id, register_id, shift_id }, payments!, i),
    direction: 'in',
    refund_id: null,
    reverses: null,
    reason: null,
    business_date,
    created_by
  }))
  return invoice
}
