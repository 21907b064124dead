import { Gate } from '../../auth/gate.ts'
import { failure } from '../../errors.ts'
import type { InTurn } from '../../hooks/rehearse.ts'

const WAITING = 100

/**
 * Lets batches and dry runs have a quarter of the database connections: each holds one from its first statement to its
 * last, and sales must not wait until all of them are through. @throws 503 unavailable when too many wait already
 */
export function takingTurns(connections: number): InTurn {
  const gate = new Gate(Math.max(1, Math.floor(connections / 4)), WAITING)
  return async (work) => {
    if (gate.full) throw failure('unavailable', { retry_after: 1 })
    return gate.run(work)
  }
}
