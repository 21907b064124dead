import assert from 'node:assert/strict'
import { Principals } from '../../src/auth/principals.ts'
import { compileAccess } from '../../src/policy/access.ts'
import type { Principal } from '../../src/policy/principal.ts'

const later = Date.now() + 60_000

function principal(session: string, role = 'r1', username = 'anna'): Principal {
  const user = {
    id: 'u1',
    username,
    email: 'anna@shop.example',
    full_name: 'Anna',
    role: 'clerk',
    role_id: role,
    branch_id: null,
    is_active: true
  }
  return { session_id: session, user, access: compileAccess([]) }
}

/** Reads that answer when the test says so. */
function controlled() {
  const reads: ((answer: Principal | null) => void)[] = []
  const principals = new Principals(() => new Promise((resolve) => reads.push(resolve)))
  return { principals, reads }
}
const tick = () => new Promise((resolve) => setImmediate(resolve))

describe('principals', () => {
  it('reads a session once, for all who ask at the same time and later', async () => {
    const { principals, reads } = controlled()
    const asked = [principals.of('s1', later), principals.of('s1', later)]
    reads[0]!(principal('s1'))
    assert.equal((await Promise.all(asked))[1]?.user.username, 'anna')
    await principals.of('s1', later)
    assert.equal(reads.length, 1)
  })

  it('reads again when a change arrives while it reads, as it may have read the old row', async () => {
    const { principals, reads } = controlled()
    const asked = principals.of('s1', later)
    principals.apply([{ user_id: 'u1' }])
    reads[0]!(principal('s1', 'r1', 'old'))
    await tick()
    reads[1]!(principal('s1', 'r1', 'new'))
    assert.equal((await asked)?.user.username, 'new')
    assert.equal((await principals.of('s1', later))?.user.username, 'new')
  })

  it('names the sessions a change concerns, and only those', async () => {
    const { principals, reads } = controlled()
    const asked = [principals.of('s1', later), principals.of('s2', later)]
    reads[0]!(principal('s1', 'r1'))
    reads[1]!(principal('s2', 'r2'))
    await Promise.all(asked)
    assert.deepEqual(principals.apply([{ role_id: 'r2' }]), { ended: [], changed: ['s2'] })
    assert.deepEqual(principals.apply([{ user_id: 'u1' }, { session_id: 's1' }]), { ended: ['s1'], changed: [] })
    assert.deepEqual(principals.apply([{ user_id: 'u2', role_id: null }, { session_id: 'unknown' }]), {
      ended: ['unknown'],
      changed: []
    })
  })

  it('does not ask again about a session that ended', async () => {
    const { principals, reads } = controlled()
    const asked = principals.of('s1', later)
    reads[0]!(principal('s1'))
    await asked
    principals.apply([{ session_id: 's1' }])
    assert.equal(await principals.of('s1', later), null)
    assert.equal(reads.length, 1)
  })

  it('keeps nothing of a read that failed', async () => {
    let reads = 0
    const principals = new Principals(async (session) => {
      if (++reads === 1) throw new Error('away')
      return principal(session)
    })
    await assert.rejects(principals.of('s1', later), /away/)
    assert.equal((await principals.of('s1', later))?.session_id, 's1')
  })

  it('drops a session when its last token has expired', async () => {
    const principals = new Principals(async (session) => principal(session))
    await principals.of('s1', Date.now() - 1)
    await principals.of('s2', Date.now() - 1)
    await principals.of('s2', later)
    assert.equal(principals.sweep(), 1)
  })
})
