import { failure, fieldFailure } from '../../errors.ts'
import { within } from '../../policy/reader.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { countPrint, lockPrinted, type Printable } from './prints.sql.ts'
import { tellInvoice } from './tell.ts'

/** Bills as they are printed, each counted under the invoice's lock. */
export class PrintService extends DocumentService {
  constructor(engine: Engine, publisher: Publisher) {
    super('invoice-prints', engine, publisher)
  }

  /** @throws 400 unless named in one way, 409 not_issued, 422 unknown_reference */
  protected async write(writing: Writing, { invoice_id: id, invoice_no: number }: Row): Promise<Row> {
    const { db, call } = writing
    if (!id === !number) throw fieldFailure('invalid_data', 'invoice_id', 'or invoice_no is needed, not both')
    const invoice = await lockPrinted(db, { id, number })
    if (!invoice || !this.reaches(invoice, call))
      throw fieldFailure('unknown_reference', id ? 'invoice_id' : 'invoice_no')
    if (!invoice.invoice_no) throw failure('not_issued')
    const print_no = await countPrint(db, invoice.id)
    db.afterCommit(() => void tellInvoice(this.engine, this.publisher, invoice.id))
    return this.record(writing, {
      invoice_id: invoice.id,
      branch_id: invoice.branch_id,
      print_no,
      mark: print_no > 1 ? `DUPLICATE ${print_no - 1}` : null
    })
  }

  /** Hidden equals missing: an invoice of another branch is answered as one that is not there. */
  private reaches({ branch_id }: Printable, { access, reader }: Writing['call']): boolean {
    return !access || !reader || within(access.alternatives, { branch_id }, reader, true)
  }
}
