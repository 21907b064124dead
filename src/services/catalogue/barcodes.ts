import type { Queryable } from '../../database/connection.ts'
import { codesOf } from '../../domain/ean.ts'
import { failure, fieldFailure } from '../../errors.ts'
import type { Call } from '../../policy/call.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'
import { prefixesAt, takeCode } from './barcodes.sql.ts'

/** Barcodes of the shop's own: one call gives out one code, and reserves it. */
export class BarcodeService extends ResourceService {
  constructor(engine: Engine) {
    super(resourceNamed('barcodes'), engine)
  }

  /** @throws 409 barcodes_exhausted; 422 where the branch's prefix is one of weights or prices */
  override create(data: Row, call: Call = {}): Promise<Row> {
    return this.exactlyOnce(data, call, (id, fingerprint) =>
      this.inTransaction(call, async (transaction) => {
        const code = await this.nextCode(transaction, data, call)
        return (await this.insert({ ...data, code }, { ...call, transaction }, id, fingerprint))!
      })
    )
  }

  private async nextCode(db: Queryable, data: Row, call: Call): Promise<string> {
    const { branch_id } = this.complete(data, call)
    this.requireWithin({ branch_id }, call, true)
    const prefixes = await prefixesAt(db, branch_id)
    if (!prefixes) throw fieldFailure('unknown_reference', 'branch_id')
    const { own, embedded } = prefixes
    if (embedded.some((prefix) => prefix.startsWith(own) || own.startsWith(prefix)))
      throw fieldFailure('broken_rule', 'branch_id', 'has a barcode prefix that is one of weights or prices')
    const code = await takeCode(db, own, (from, count) => codesOf(own, from, count))
    if (code === undefined) throw failure('barcodes_exhausted')
    return code
  }
}
