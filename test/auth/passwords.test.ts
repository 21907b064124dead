import assert from 'node:assert/strict'
import { parseOptions } from '@node-rs/argon2'
import { hashPassword, hashPin, verifyPassword } from '../../src/auth/passwords.ts'
import { refusal } from './support.ts'

describe('passwords', () => {
  it('keeps argon2id hashes with the parameters of OWASP', async () => {
    const hash = await hashPassword('long enough')
    assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    assert.deepEqual(
      (({ memoryCost, timeCost, parallelism }) => ({ memoryCost, timeCost, parallelism }))(parseOptions(hash)),
      { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
    )
  })

  it('tells the right password from a wrong one', async () => {
    const hash = await hashPassword('long enough')
    assert.equal(await verifyPassword(hash, 'long enough'), true)
    assert.equal(await verifyPassword(hash, 'long enough '), false)
  })

  it('takes the same letters for the same password however a keyboard composes them', async () => {
    assert.equal(await verifyPassword(await hashPassword('caf\u00e9 cr\u00e8me'), 'cafe\u0301 cre\u0300me'), true)
  })

  it('answers no for a user without a usable hash', async () => {
    for (const stored of [undefined, null, '', '!', '$2b$10$abcdefghijklmnopqrstuv'])
      assert.equal(await verifyPassword(stored, 'whatever'), false)
  })

  it('refuses passwords under 10 characters', async () => {
    await assert.rejects(hashPassword('123456789'), refusal(400, 'invalid_data'))
    await assert.rejects(hashPassword('\u{1F600}'.repeat(9)), refusal(400, 'invalid_data'))
    await assert.doesNotReject(hashPassword('1234567890'))
  })

  it('takes PINs of 4 to 8 digits', async () => {
    for (const pin of ['123', '123456789', '12a4', '', ' 1234', '१२३४'])
      await assert.rejects(hashPin(pin), refusal(400, 'invalid_data'), pin)
    assert.equal(await verifyPassword(await hashPin('0042'), '0042'), true)
  })

  it('turns work away when too much of it waits', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 120 }, () => verifyPassword(undefined, 'x')))
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    assert.ok(refused.length > 0 && refused.length < 20, `${refused.length} refused`)
    for (const { reason } of refused) assert.equal(refusal(429, 'rate_limited')(reason), true)
  })
})
