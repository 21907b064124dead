import { type DestinationStream, type Logger, pino } from 'pino'
import type { CallLog } from '../hooks/log-call.ts'
import type { EdgeOptions } from '../rest/edge.ts'
import type { Settings } from '../settings.ts'
import { observeCall, observeRefusal } from './metrics.ts'

const SECRET = [
  'authorization',
  'cookie',
  'password',
  'pin',
  'token',
  'access_token',
  'refresh_token',
  'accessToken',
  'refreshToken'
]

const FLUSH_MS = 200

/**
 * Standard output, written in blocks: a write of its own for every line was a tenth of what a read costs. What waits is
 * written every 200 ms, and when the process ends in any way but a kill.
 */
function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: false, minLength: 4096 })
  setInterval(() => output.flush(), FLUSH_MS).unref()
  return output
}

/** JSON lines on standard output; whatever is called like a secret is cut out, at any of the usual depths. */
export function openLog({ log_level }: Pick<Settings, 'log_level'>, to: DestinationStream = standardOutput()): Logger {
  const paths = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  return pino({ level: log_level, base: null, redact: { paths, censor: '[redacted]' } }, to)
}

/**
 * One line per call: who, what, how long, how it ended. The cause of a 5xx is logged whole; the caller sees the id alone.
 * The line of a call is made of ids and words of ours; looking through it for secrets cost a tenth of a read.
 */
export function callLog(log: Logger): CallLog {
  const lines = log.child({}, { redact: [] })
  return ({ context, milliseconds, error }) => {
    const { path, method, params } = context
    observeCall(path, method, params.provider ?? 'internal', error?.code ?? 200, milliseconds, error)
    const line = {
      request_id: params.request_id,
      via: params.provider,
      call: `${path}.${method}`,
      user: params.principal?.user.id,
      ms: Math.round(milliseconds * 10) / 10,
      ...(params.replayed && { replayed: true }),
      ...(params.dry_run && { dry_run: true }),
      ...(error && { status: error.code, reason: (error.data as { reason?: string } | undefined)?.reason })
    }
    if (!error) lines.info(line)
    else if (error.code < 500) lines.info(line, error.message)
    else log.error({ ...line, err: error.cause ?? error })
  }
}

/** One line per request that reached no service: an address there is not, a body that is no JSON, a failure of ours. */
export const refusalLog =
  (log: Logger): EdgeOptions['refused'] =>
  ({ request_id, method, path, error, cause }) => {
    observeRefusal(error)
    const { reason } = error.data as { reason?: string }
    const line = { request_id, via: 'rest', method, path: path.slice(0, 200), status: error.code, reason }
    if (error.code < 500) log.info(line, error.message)
    else log.error({ ...line, err: cause ?? error })
  }
