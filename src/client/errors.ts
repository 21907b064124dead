import { FeathersError, Timeout, Unavailable } from '@feathersjs/errors'

/** What was thrown: an error of Feathers, with the reason at hand. */
export interface RegalError extends Error {
  /** HTTP status, over sockets too. 503 when there was no answer, 408 when it took too long. */
  code: number
  className: string
  /** One word of the server's catalogue; `unreachable` or `timeout` when no answer came. */
  reason: string
  data?: { reason?: string; retry_after?: number; [more: string]: unknown }
  /** Faults by field, for a form. */
  errors?: { path: string; message: string }[]
  /** No answer came, so the call may have been carried out or not. */
  uncertain?: boolean
}

export const isRegalError = (error: unknown): error is RegalError =>
  error instanceof FeathersError && typeof (error as Partial<RegalError>).reason === 'string'

/** An error of a server's answer, or of the client itself, as callers get it. Mistakes of the program stay what they are. */
export function regalError(error: unknown): unknown {
  if (!(error instanceof FeathersError)) return error
  const reason =
    (error.data as { reason?: string } | undefined)?.reason ?? (error as Partial<RegalError>).reason ?? error.className
  return Object.assign(error, { reason })
}

/** The server could not be reached, or the connection broke before the answer. */
export const unreachable = (message: string, uncertain: boolean): RegalError =>
  Object.assign(new Unavailable(message), { reason: 'unreachable', uncertain })

export const timedOut = (): RegalError =>
  Object.assign(new Timeout('No answer came in time.'), { reason: 'timeout', uncertain: true })

/** A 401 that a fresh access token may mend. */
export const wantsRenewal = (error: unknown): boolean =>
  isRegalError(error) && error.code === 401 && RENEWABLE.has(error.reason)
const RENEWABLE = new Set(['token_expired', 'token_invalid', 'not_signed_in'])

/** A 401 that nothing mends but to sign in again. */
export const endsSession = (error: unknown): boolean => isRegalError(error) && error.reason === 'session_ended'
