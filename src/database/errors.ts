/** SQLSTATEs by name: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const SQLSTATE = {
  uniqueViolation: '23505',
  foreignKeyViolation: '23503',
  notNullViolation: '23502',
  checkViolation: '23514',
  exclusionViolation: '23P01',
  restrictViolation: '23001',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
  diskFull: '53100'
} as const

export interface PostgresError extends Error {
  code: string
  severity: string
  constraint?: string
  table?: string
  column?: string
  detail?: string
}

/** PostgreSQL itself answered with this error, so the connection is sound. */
export function isServerError(error: unknown): error is PostgresError {
  const { severity, code } = (error ?? {}) as Partial<PostgresError>
  return severity !== undefined && severity !== 'FATAL' && severity !== 'PANIC' && typeof code === 'string'
}

/** Worth another try at once: the statement itself was not at fault. */
export function isTransient(error: unknown): boolean {
  const code = (error as PostgresError | undefined)?.code
  return code === SQLSTATE.serializationFailure || code === SQLSTATE.deadlockDetected
}

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'ENETUNREACH'
])
const DRIVER_MESSAGES =
  /Query read timeout|timeout exceeded when trying to connect|Connection terminated|timeout expired|not queryable|after calling end on the pool/i

/** The database is away, full or too busy to answer: the caller may try again (503). */
export function isUnavailable(error: unknown): boolean {
  const { code = '', message = '', syscall } = (error ?? {}) as Partial<PostgresError & NodeJS.ErrnoException>
  // Of a socket whose server is gone it is ENOENT, and EAGAIN while it takes no more.
  if (NETWORK_CODES.has(code) || syscall === 'connect') return true
  // 08 connection, 53 resources, 57P shutting down or starting, 55P03 and 57014 waited too long
  if (/^(08|53|57)/.test(code) || code === SQLSTATE.lockNotAvailable) return true
  return isTransient(error) || DRIVER_MESSAGES.test(message)
}
