import assert from 'node:assert/strict'
import { Limits } from '../../src/auth/limits.ts'
import { failure } from '../../src/errors.ts'
import { refusal } from './support.ts'

const settings = {
  body_bytes: 1000,
  requests_per_minute_user: 3,
  requests_per_minute_address: 2,
  logins_per_quarter_account: 10,
  logins_per_quarter_address: 50,
  sockets_per_user: 1,
  messages_per_second: 1
}
const wrong = () => Promise.reject(failure('invalid_login'))
const right = () => Promise.resolve('in')

async function fail(limits: Limits, times: number, name: (n: number) => string, address: (n: number) => string) {
  for (let n = 0; n < times; n++)
    await assert.rejects(limits.login(name(n), address(n), wrong), refusal(401, 'invalid_login'))
}

describe('limits', () => {
  it('gives an account ten failures, from wherever and in whatever case, and says how long to wait', async () => {
    const limits = new Limits(settings)
    await fail(
      limits,
      10,
      (n) => (n % 2 ? 'ANNA' : 'anna'),
      (n) => `10.0.0.${n}`
    )
    await assert.rejects(limits.login('Anna', '10.0.1.1', right), (error: { data: { retry_after: number } }) => {
      assert.equal(refusal(429, 'rate_limited')(error as never), true)
      return error.data.retry_after > 890 && error.data.retry_after <= 900
    })
    assert.equal(await limits.login('berta', '10.0.1.1', right), 'in')
  })

  it('gives an address fifty failures over all accounts', async () => {
    const limits = new Limits(settings)
    await fail(
      limits,
      50,
      (n) => `user${n}`,
      () => '10.0.0.1'
    )
    await assert.rejects(limits.login('user99', '10.0.0.1', right), refusal(429, 'rate_limited'))
    assert.equal(await limits.login('user99', '10.0.0.2', right), 'in')
  })

  it('forgets the failures of an account that signs in', async () => {
    const limits = new Limits(settings)
    for (let round = 0; round < 3; round++) {
      await fail(
        limits,
        9,
        () => 'anna',
        () => '10.0.0.1'
      )
      assert.equal(await limits.login('anna', '10.0.0.1', right), 'in')
    }
  })

  it('counts neither successes nor faults of ours', async () => {
    const limits = new Limits(settings)
    const broken = () => Promise.reject(failure('unavailable'))
    for (let n = 0; n < 60; n++) {
      await assert.rejects(limits.login('anna', '10.0.0.1', broken), refusal(503, 'unavailable'))
      assert.equal(await limits.login('berta', '10.0.0.1', right), 'in')
    }
    assert.equal(await limits.login('anna', '10.0.0.1', right), 'in')
  })

  it('lets no more than ten wrong attempts through when they come at once', async () => {
    const limits = new Limits(settings)
    let tried = 0
    const attempt = async () => {
      tried++
      await new Promise((resolve) => setImmediate(resolve))
      throw failure('invalid_login')
    }
    const attempts = Array.from({ length: 40 }, (_, n) => limits.login('anna', `10.0.0.${n}`, attempt))
    const outcomes = await Promise.allSettled(attempts)
    assert.equal(tried, 10)
    assert.equal(outcomes.filter((one) => one.status === 'rejected' && one.reason.code === 429).length, 30)
  })

  it('lets a whole shop sign in at the same moment from one address', async () => {
    const limits = new Limits(settings)
    const slow = () => new Promise((resolve) => setImmediate(() => resolve('in')))
    const tills = Array.from({ length: 200 }, (_, n) => limits.login(`till${n % 3}`, '10.0.0.1', slow))
    assert.equal((await Promise.all(tills)).length, 200)
  })

  it('counts a /64 of IPv6 as one address, and a mapped IPv4 address as itself', async () => {
    const limits = new Limits(settings)
    await limits.request(undefined, '2001:db8::1')
    await limits.request(undefined, '2001:0DB8:0:0:ffff:ffff:ffff:ffff')
    assert.equal((await limits.request(undefined, '2001:db8:0:0:1::2')).over, true)
    assert.equal((await limits.request(undefined, '2001:db8:0:1::1')).over, false)
    await limits.request(undefined, '::ffff:10.0.0.1')
    await limits.request(undefined, '10.0.0.1')
    assert.equal((await limits.request(undefined, '10.0.0.1')).over, true)
  })

  it('counts requests by user, and by address for those who are not signed in', async () => {
    const limits = new Limits(settings)
    for (let n = 0; n < 3; n++) await limits.request('user', '10.0.0.1')
    assert.equal((await limits.request('user', '10.0.0.2')).over, true)
    for (let n = 0; n < 2; n++) await limits.request(undefined, '10.0.0.1')
    assert.equal((await limits.request(undefined, '10.0.0.1')).over, true)
  })
})
