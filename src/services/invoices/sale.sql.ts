import type { Resource } from '../../schemas/define.ts'
import { invoices } from '../../schemas/invoices.ts'
import { type Projection, projectionOf } from '../projection.ts'
import { type Author, auditSql } from '../resource.sql.ts'
import { onceByShape, Template } from '../statement.ts'
import { movedLevels } from '../stock/levels.sql.ts'
import type { InvoiceColumn, LineColumn, PaymentColumn } from './columns.ts'
import { accountPart, invoicePart, ledgerParts, seriesPart, shiftPart, stockParts } from './parts.sql.ts'

/** A document ready to be written: columns of the invoice, and its lines, movements and payments as lists of columns. */
export interface Document {
  invoice: Record<InvoiceColumn, unknown>
  /** The version of the draft that it replaces, and one. */
  version?: number
  /** Lists of equal length, one entry per line. */
  lines: Record<LineColumn, unknown[]>
  /** Merged per product and sorted by product id: the order in which rows are locked. */
  stock?: { product_id: string[]; qty: string[]; entry_id: string[] }
  payments?: Record<PaymentColumn, unknown[]>
  /** What goes on the customer's account. */
  owed?: {
    amount: string
    entry_id: string
    /** Where credit is drawn on: the part of the amount that is none. */
    unpaid?: string
  }
  /** `MAIN-01-`, before the number. */
  prefix: string
  /** When it happened, where that is not now. */
  at?: Date | undefined
}

/** All that a sale is written of: `before` is the draft it replaces, as JSON text. */
export interface Writing {
  document: Document
  author: Author
  before: string | null
}

/** What the text of the statement depends on. */
export interface Shape {
  /** Moves stock and has a number; a draft does neither. */
  issued: boolean
  paid: boolean
  owed: boolean
  /** On the customer's credit. */
  drawn: boolean
  /** At another time than now. */
  dated: boolean
  replaces: boolean
  /** Answers the moved levels too. */
  levels: boolean
}

/**
 * Statement two of a sale, and its only write: locks, checks, stock, ledger, number, invoice, lines, payments, account
 * and audit row in one go, so that there is never half of one. Locks are taken in this order everywhere: the shift, stock
 * levels by product id, account balance, number series. A draft has neither stock nor number. Answers the invoice's columns and,
 * with `levels`, the moved stock levels as JSON, for the events.
 */
export function writeDocument(
  writing: Writing,
  levels: boolean
): { text: string; values: unknown[]; projection: Projection } {
  const { stock, payments, owed, at } = writing.document
  const { text, template, projection } = written({
    issued: stock !== undefined,
    paid: payments !== undefined && payments.id.length > 0,
    owed: owed !== undefined,
    drawn: owed?.unpaid !== undefined,
    dated: at !== undefined,
    replaces: writing.before !== null,
    levels: levels && stock !== undefined
  })
  return { text, values: template.valuesOf(writing), projection }
}

const written = onceByShape((shape: Shape) => {
  const template = new Template<Writing>()
  const { bind } = template
  const parts = [
    ...(shape.issued ? [shiftPart(bind), ...stockParts(bind)] : []),
    ...(shape.owed ? [accountPart(shape, bind)] : []),
    ...(shape.issued ? [seriesPart(shape, bind)] : []),
    invoicePart(shape, bind),
    ...ledgerParts(shape, bind)
  ]
  const old = shape.replaces && `${bind(({ before }) => before)}::jsonb`
  const change = old
    ? { action: 'patch', before: `regal_changed(${old}, to_jsonb(t))`, after: `regal_changed(to_jsonb(t), ${old})` }
    : { action: 'create', before: 'null', after: 'to_jsonb(t)' }
  const resource = invoices as unknown as Resource
  const author = (name: keyof Author) => bind(({ author }) => author[name])
  parts.push(auditSql(resource, author, { ...change, from: 'made t', row: 't' }))
  const projection = projectionOf(resource, invoices.readable)
  const moved = shape.levels ? `, ${movedLevels('moved', 'v.on_hand - v.reserved + v.qty')}` : ''
  const list = projection.sql('t', () => 'null')
  return { text: `with ${parts.join(',\n')} select ${list}${moved} from made t`, template, projection }
})
