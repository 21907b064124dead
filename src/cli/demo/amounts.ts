import { formatMoney, type Minor, parseMoney } from '../../domain/money.ts'
import { currency } from '../../schemas/currency.ts'

export const wire = (minor: Minor): string => formatMoney(minor, currency.scale)
export const minorOf = (text: unknown): Minor => parseMoney(text as string, currency.scale)

const RUPEES = new Set(['PKR', 'INR', 'LKR', 'NPR'])

/** A price of the list, which is in rupees, in minor units of the shop's currency; a hundredth of it where money is dearer. */
export function priceOf(rupees: number): Minor {
  const unit = 10n ** BigInt(currency.scale)
  return currency.scale < 2 || RUPEES.has(currency.code) ? BigInt(rupees) * unit : (BigInt(rupees) * unit) / 100n
}

export const percentOf = (amount: Minor, percent: number): Minor => (amount * BigInt(percent)) / 100n

/** Cut to whole units of the currency, as people agree on a discount or a part payment. */
export const whole = (amount: Minor): Minor => amount - (amount % 10n ** BigInt(currency.scale))

export const lesser = (a: Minor, b: Minor): Minor => (a < b ? a : b)
