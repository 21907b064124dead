import { DomainError } from '../../domain/errors.ts'
import { combinationOf, readCombination } from '../../domain/made-to-order.ts'
import { fieldFailure } from '../../errors.ts'
import type { Call } from '../../policy/call.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'
import { readOptions } from './options.sql.ts'
import { groupsOf } from './options.ts'

/** Prices to go by: each for a combination that can be chosen. */
export class IdealPriceService extends ResourceService {
  constructor(engine: Engine) {
    super(resourceNamed('ideal-prices'), engine)
  }

  protected override async prepare(data: Row, call: Call): Promise<Row> {
    if (data.combination === undefined) return data
    const [options] = await readOptions(this.db(call), [data.category_id])
    if (!options) throw fieldFailure('unknown_reference', 'category_id', 'has no options to choose from')
    const groups = groupsOf(options.groups)
    try {
      return { ...data, combination: combinationOf(groups, readCombination(groups, data.combination as string)) }
    } catch (error) {
      throw error instanceof DomainError ? new DomainError(error.code, ['combination']) : error
    }
  }
}
