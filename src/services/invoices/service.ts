import type { Queryable } from '../../database/connection.ts'
import { isServerError } from '../../database/errors.ts'
import { failure, fieldFailure } from '../../errors.ts'
import { type Call, momentOf } from '../../policy/call.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'
import { tellMoved } from '../stock/levels.ts'
import { readContext } from './context.sql.ts'
import type { Asked, Place, ProductForSale } from './context.ts'
import { documentOf, embed } from './document.ts'
import { type Draft, deleteLines, ensureLevels, lockDraft } from './drafts.sql.ts'
import { type LineInput, nameOf } from './lines.ts'
import { requireParty, requirePermission, useApproval } from './permission.ts'
import { type ComputedSale, computeSale, type PaymentInput, shortages } from './price.ts'
import { writeDocument } from './sale.sql.ts'

interface SaleData extends Row {
  items: LineInput[]
  payments?: PaymentInput[]
  discounts?: string
  status?: string
  approval?: string | null
}

/** The sale: two statements, one to read what it needs and one to write all of it. */
export class InvoiceService extends ResourceService {
  private publisher: Publisher

  constructor(engine: Engine, publisher: Publisher) {
    super(resourceNamed('invoices'), engine)
    this.publisher = publisher
  }

  /** Sells, or keeps a draft. @throws 409 insufficient_stock with the lines, 422 for what a sale may not be */
  override async create(given: Row, call: Call = {}): Promise<Row> {
    const data = given as SaleData
    return this.exactlyOnce(data, call, async (id, fingerprint) => {
      if (data.status && data.status !== 'draft' && data.status !== 'issued')
        throw fieldFailure('invalid_data', 'status', 'must be draft or issued')
      try {
        // Two statements as a rule; an approval is used up in the same transaction.
        const sell = (db: Queryable) => this.write(db, id, data, call, fingerprint)
        return await (data.approval ? this.inTransaction(call, sell) : sell(this.db(call)))
      } catch (error) {
        throw await this.explained(error, data, call)
      }
    })
  }

  /** Changes a draft, issues it (`status: "issued"`) or cancels it; an issued invoice stays as it is. */
  override async patch(id: string, given: Row, call: Call = {}): Promise<Row> {
    const { version, ...changes } = given as SaleData & { version?: number }
    if (!Object.keys(changes).length) return this.unchanged(id, version, call)
    if (changes.status && !['draft', 'issued', 'cancelled'].includes(changes.status))
      throw fieldFailure('invalid_data', 'status', 'must be draft, issued or cancelled')
    let data: SaleData | undefined
    const work = async (tx: Queryable) => {
      const draft = await this.requireDraft(tx, id, version, call)
      data = { ...draft, ...changes } as SaleData
      if (changes.status !== 'cancelled') return this.write(tx, id, data, call, null, draft)
      await super.patch(id, { status: 'cancelled' }, { ...call, transaction: tx })
      return this.get(id, { transaction: tx })
    }
    try {
      return await this.inTransaction(call, work)
    } catch (error) {
      throw data ? await this.explained(error, data, call) : error
    }
  }

  /** The draft, locked: nobody else changes or issues it until the transaction ends. */
  private async requireDraft(tx: Queryable, id: string, version: number | undefined, call: Call): Promise<Draft> {
    await this.get(id, { ...this.reach(call), transaction: tx })
    const draft = await lockDraft(tx, id)
    if (draft.status !== 'draft') throw failure('invoice_issued')
    if (version !== undefined && version !== draft.version) throw failure('stale_version', { version: draft.version })
    return draft
  }

  private async write(
    db: Queryable,
    id: string,
    data: SaleData,
    call: Call,
    fingerprint: string | null,
    replaced?: Draft
  ): Promise<Row> {
    const draft = data.status === 'draft'
    if (draft && data.payments?.length) throw fieldFailure('invalid_data', 'payments', 'are taken when it is issued')
    const sale = await this.compute(db, data, call, draft)
    const approved_by = await useApproval(db, id, sale, data.approval, call)
    const document = documentOf(
      sale,
      {
        id,
        customer_id: (data.customer_id as string | null) ?? null,
        salesman_id: (data.salesman_id as string | null) ?? null,
        notes: (data.notes as string | null) ?? null,
        created_by: call.principal?.user.id ?? null,
        approved_by
      },
      draft
    )
    if (replaced) {
      await deleteLines(db, id)
      document.version = replaced.version + 1
    }
    document.at = momentOf(call)
    const levels = this.publisher.listening
    const author = this.author(call, fingerprint)
    const { text, values, projection } = writeDocument({ document, author, before: replaced?.whole ?? null }, levels)
    const [cells] = await db.rows(text, values)
    const record = embed(projection.decode(cells!), document, sale)
    db.afterCommit(() => this.tell(record, levels ? cells![projection.names.length] : undefined, call))
    return record
  }

  /**
   * Names the lines when somebody was faster and the statement found too little stock. Looks again once the transaction
   * has ended: a second connection, asked for while holding one, would wait for others that do the same. For the same
   * reason the lines stay unnamed in a transaction that is the caller's.
   */
  private async explained(error: unknown, data: SaleData, call: Call): Promise<unknown> {
    const short =
      isServerError(error) &&
      (error.constraint === 'stock_levels_on_hand_check' || error.message === 'insufficient_stock')
    if (!short || call.transaction) return error
    const { place, products } = await this.context(this.engine.database, data, call)
    return failure('insufficient_stock', {
      lines: shortages(computeSale(inputOf(data), place, products, momentOf(call)))
    })
  }

  /** Reads and computes; refuses whatever may be refused before a lock is taken. */
  private async compute(db: Queryable, data: SaleData, call: Call, draft: boolean): Promise<ComputedSale> {
    const { place, products } = await this.context(db, data, call)
    const input = inputOf(data)
    const sale = computeSale(input, place, products, momentOf(call))
    this.requireWithin(
      { branch_id: place.branch_id, status: sale.status, created_by: call.principal?.user.id },
      call,
      true
    )
    requirePermission(sale, data.approval, call)
    if (draft) return sale
    if (!data.customer_id && sale.balance > 0n) throw failure('payment_required')
    if (place.stock_policy === 'block') {
      const lines = shortages(sale)
      if (lines.length) throw failure('insufficient_stock', { lines })
    } else await ensureLevels(db, place.branch_id, products)
    return sale
  }

  private async context(
    db: Queryable,
    data: SaleData,
    call: Call
  ): Promise<{ place: Place; products: ProductForSale[] }> {
    const { place, products } = await readContext(db, askedOf(data, call, this.engine.places.home))
    if (!place?.register_active || !place.branch_active) throw fieldFailure('unknown_register', 'register_id')
    if (data.customer_id) requireParty('customer', place.customer, call)
    if (data.salesman_id) requireParty('salesman', place.salesman, call)
    return { place, products }
  }

  /** The events beside the invoice's own: the payments, and the stock that it moved. */
  private tell(record: Row, moved: unknown, { replayed }: Call): void {
    if (replayed) return
    for (const payment of record.payments as Row[])
      this.publisher.publish(resourceNamed('payments'), 'created', payment)
    tellMoved(this.publisher, moved)
  }
}

const inputOf = (data: SaleData) => ({
  items: data.items,
  payments: data.payments ?? [],
  discounts: data.discounts ?? '0',
  expected_total: (data.expected_total as string | null | undefined) ?? null
})

function askedOf(data: SaleData, call: Call, home: string | null): Asked {
  const { principal, reader } = call
  const names = data.items.map(nameOf)
  const namesBy = (wanted: string) => names.filter(([kind]) => kind === wanted).map(([, name]) => name)
  return {
    register_id: (data.register_id as string | null) ?? null,
    branch_id: reader?.scope_branch_id ?? home,
    user_id: principal?.user.id ?? null,
    anywhere: !reader?.branch_id,
    customer_id: (data.customer_id as string | null) ?? null,
    salesman_id: (data.salesman_id as string | null) ?? null,
    methods: [...new Set((data.payments ?? []).map(({ method }) => method))],
    ids: namesBy('product_id'),
    barcodes: namesBy('barcode'),
    skus: namesBy('sku'),
    at: momentOf(call)
  }
}
