/**
 * What a spreadsheet would run, or cut: OWASP, CSV Injection. Apostrophes before it count, so that what was escaped can
 * be told from what was written that way.
 */
const DANGEROUS = /^'*[=+\-@\t\r\n＝＋－＠]/
const ESCAPED = /^'+[=+\-@\t\r\n＝＋－＠]/

/** Text as it may stand in a cell: with an apostrophe before what would be a formula. Undone by `unescapeFormula`. */
export const escapeFormula = (text: string): string => (DANGEROUS.test(text) ? `'${text}` : text)

/** The text of a cell, without the apostrophe that keeps it from being a formula. */
export const unescapeFormula = (text: string): string => (ESCAPED.test(text) ? text.slice(1) : text)
