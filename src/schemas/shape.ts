import { failure } from '../errors.ts'

const MAX_DEPTH = 32
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])
// C0 controls except tab, line feed and carriage return; DEL; C1 controls. PostgreSQL cannot hold NUL at all.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/

function checkText(text: string): void {
  if (CONTROL.test(text) || !text.isWellFormed()) throw failure('malformed_text')
}

/**
 * Walks whatever a client sent before anything else looks at it: depth, keys that touch prototypes, text with
 * controls or lone surrogates (which would be stored as something else than what was sent).
 */
export function checkShape(value: unknown, depth = 0): void {
  if (typeof value === 'string') checkText(value)
  if (typeof value !== 'object' || value === null) return
  if (depth >= MAX_DEPTH) throw failure('too_deep')
  if (Buffer.isBuffer(value)) throw failure('invalid_data')
  if (Array.isArray(value)) {
    for (const item of value) checkShape(item, depth + 1)
    return
  }
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw failure('invalid_data', { errors: [{ path: key, message: 'is not a field' }] })
    checkText(key)
    checkShape((value as Record<string, unknown>)[key], depth + 1)
  }
}
