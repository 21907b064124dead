import { DomainError } from '../../domain/errors.ts'
import { checkGroups, type OptionGroup } from '../../domain/made-to-order.ts'
import { parseMoney } from '../../domain/money.ts'
import { fieldFailure } from '../../errors.ts'
import type { Call } from '../../policy/call.ts'
import { currency } from '../../schemas/currency.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { wire } from '../invoices/price.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'
import { productKind, type StoredGroup } from './options.sql.ts'

type GivenGroup = Omit<StoredGroup, 'options'> & { options: { name: string; surcharge?: string | number }[] }

/** The groups as the rules know them. */
export const groupsOf = (stored: readonly StoredGroup[]): OptionGroup[] =>
  stored.map(({ name, required = true, options }) => ({
    name,
    required,
    options: options.map((option) => ({
      name: option.name,
      surcharge: option.surcharge === undefined ? 0n : parseMoney(option.surcharge, currency.scale)
    }))
  }))

/** What can be chosen of goods made to order. */
export class OrderOptionService extends ResourceService {
  constructor(engine: Engine) {
    super(resourceNamed('order-options'), engine)
  }

  protected override async prepare(data: Row, call: Call): Promise<Row> {
    if (data.product_id !== undefined) await this.requireService(data.product_id, call)
    if (data.groups === undefined) return data
    const groups = (data.groups as GivenGroup[]).map(tidied)
    checkGroups(groups)
    return { ...data, groups }
  }

  /** Goods made to order are never on stock, so that an invoice of them moves none. */
  private async requireService(id: unknown, call: Call): Promise<void> {
    const kind = await productKind(this.db(call), id)
    if (kind === undefined) throw fieldFailure('unknown_reference', 'product_id')
    if (kind !== 'service') throw fieldFailure('broken_rule', 'product_id', 'must be a product of the kind service')
  }
}

/** Names without space around them, surcharges as amounts are written. */
const tidied = ({ name, options, ...rest }: GivenGroup, i: number): StoredGroup => ({
  ...rest,
  name: name.trim(),
  options: options.map(({ name: option, surcharge }, j) => ({
    name: option.trim(),
    ...(surcharge !== undefined && { surcharge: amountOf(surcharge, ['groups', i, 'options', j, 'surcharge']) })
  }))
})

function amountOf(given: string | number, path: (string | number)[]): string {
  const amount = () => {
    try {
      return parseMoney(given, currency.scale)
    } catch (error) {
      throw error instanceof DomainError ? new DomainError(error.code, path) : error
    }
  }
  const minor = amount()
  if (minor < 0n) throw new DomainError('invalid_amount', path)
  return wire(minor)
}
