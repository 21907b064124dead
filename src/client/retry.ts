import { isRegalError, type RegalError } from './errors.ts'

/** How calls are repeated that got no answer, or were told to come again. */
export interface RetryOptions {
  /** How often a call is made at most: 6. */
  attempts?: number
  /** The first pause in ms, which then doubles: 250. */
  pause?: number
  /** The longest pause in ms: 10 000. A longer `Retry-After` is not waited for. */
  longest?: number
  /** How long one attempt waits for its answer, in ms: 10 000. */
  timeout?: number
}
export type Retry = Required<RetryOptions>

export const withDefaults = (options: RetryOptions = {}): Retry => ({
  attempts: 6,
  pause: 250,
  longest: 10_000,
  timeout: 10_000,
  ...options
})

const PASSING = new Set([408, 429, 502, 503, 504])

/** Refused before anything was done: repeating it is safe whatever it is. */
const wasNotDone = ({ code, reason, uncertain }: RegalError): boolean =>
  uncertain === false || code === 429 || reason === 'draining'

/** A pause that grows by the turn. Not all clients come back at once. */
const spread = (turn: number, { pause, longest }: Retry): number =>
  Math.min(longest, pause * 2 ** turn) * (0.5 + Math.random() / 2)

/**
 * Makes a call until it is answered. `safe` says that it does the same made twice as made once; any other is repeated only
 * when it was certainly not carried out. @throws the last error
 */
export async function repeating<T>(call: () => Promise<T>, safe: boolean, retry: Retry): Promise<T> {
  for (let turn = 0; ; turn++) {
    try {
      return await call()
    } catch (error) {
      if (!isRegalError(error) || !PASSING.has(error.code) || !(safe || wasNotDone(error))) throw error
      const asked = (error.data?.retry_after ?? 0) * 1000
      if (turn + 1 >= retry.attempts || asked > retry.longest) throw error
      await new Promise((done) => setTimeout(done, asked + spread(turn, retry)))
    }
  }
}
