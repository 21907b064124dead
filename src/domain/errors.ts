/**
 * A refusal by a rule of the shop, told in one word of the error catalogue (`discount_exceeds_line`).
 * `path` points at the offending field by its name on the wire (`['items', 2, 'discount']`), so that a form can show it there.
 * The sentence for people belongs to the catalogue, not to the rule.
 */
export class DomainError extends Error {
  readonly code: string
  readonly path?: (string | number)[]

  constructor(code: string, path?: (string | number)[]) {
    super(path ? `${code} at ${path.join('.')}` : code)
    this.name = 'DomainError'
    this.code = code
    if (path) this.path = path
  }
}
