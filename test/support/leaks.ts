import assert from 'node:assert/strict'
import { catalogue, isReason } from '../../src/errors.ts'
import type { Json } from './shop.ts'

/** SQL, a path of the program, a position in its source, a hash or a line of a stack: what no answer may ever carry. */
const LEAK = /select .* from|insert into|update "|node_modules|\.[jt]s:\d+|\$argon2|at .*\(/i

export function assertTight(where: string, text: string): void {
  const found = LEAK.exec(text)
  assert.equal(found, null, `${where} leaks ${found?.[0]}: ${text.slice(0, 500)}`)
}

/** A refusal as the catalogue has it: a 4xx whose reason word belongs to its status, with nothing of the inside. */
export function assertRefused(where: string, status: number, error: Json): void {
  const text = JSON.stringify(error)
  assert.ok(status >= 400 && status < 500, `${where}: ${status} ${text.slice(0, 500)}`)
  assertTight(where, text)
  const reason = error?.data?.reason
  assert.ok(isReason(reason), `${where}: no reason of the catalogue in ${text.slice(0, 500)}`)
  assert.equal(catalogue[reason][0], status, `${where}: ${reason} with ${status}`)
  assert.equal(error.code, status, where)
}
