import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { Gate } from '../../src/auth/gate.ts'

describe('gate', () => {
  it('runs no more than its width at a time, in the order of arrival, failures included', async () => {
    const gate = new Gate(2)
    const started: number[] = []
    let running = 0
    let most = 0
    const work = (n: number) =>
      gate.run(async () => {
        started.push(n)
        most = Math.max(most, ++running)
        await setImmediate()
        running--
        if (n % 3 === 0) throw new Error('on purpose')
      })
    await Promise.allSettled(Array.from({ length: 12 }, (_, n) => work(n)))
    assert.equal(most, 2)
    assert.deepEqual(
      started,
      Array.from({ length: 12 }, (_, n) => n)
    )
    assert.equal(gate.idle, true)
  })

  it('says when its queue is full', async () => {
    const gate = new Gate(1, 1)
    const first = gate.run(() => setImmediate())
    assert.equal(gate.full, false)
    const second = gate.run(() => setImmediate())
    assert.equal(gate.full, true)
    await Promise.all([first, second])
    assert.equal(gate.full, false)
  })
})
