import { formatDecimal } from '../../domain/decimal.ts'
import { DomainError } from '../../domain/errors.ts'
import { formatMoney, type Minor, parseMoney } from '../../domain/money.ts'
import { parseQuantity } from '../../domain/quantity.ts'
import { currency } from '../../schemas/currency.ts'
import { kinds } from '../../schemas/kinds.ts'

export const amountOf = (value: string | number, path: (string | number)[]): Minor => {
  try {
    return parseMoney(value, currency.scale)
  } catch (error) {
    throw error instanceof DomainError ? new DomainError(error.code, path) : error
  }
}
export const quantityOf = (value: number, path: (string | number)[]): bigint => {
  try {
    return parseQuantity(value)
  } catch (error) {
    throw error instanceof DomainError ? new DomainError(error.code, path) : error
  }
}
export const stored = (value: string): Minor =>
  parseMoney(kinds.money.decode!(value as never, {}) as string, currency.scale)
export const wire = (minor: Minor): string => formatMoney(minor, currency.scale)
export const rateWire = (rate: bigint): string => formatDecimal(rate, 4)
