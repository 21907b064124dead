/**
 * The currency of this installation. Its scale is one number for every amount on the wire; it is set once, before the
 * first schema is compiled. Tables keep four decimals, so that the scale can differ between installations.
 */
export const currency = { code: 'USD', scale: 2 }

/** Decimals that every money column keeps. */
export const STORED_SCALE = 4

export function configureCurrency(code: string, scale: number): void {
  currency.code = code
  currency.scale = scale
}
