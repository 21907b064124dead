import type { Database } from '../database/connection.ts'
import type { Places } from '../policy/places.ts'
import type { Publisher } from '../realtime/publisher.ts'
import { answer } from './answer.ts'
import { type Authenticator, authenticate } from './authenticate.ts'
import { authorize } from './authorize.ts'
import { limitRequests, type RequestLimiter } from './limit-requests.ts'
import { type CallLog, logCall } from './log-call.ts'
import { prune } from './prune.ts'
import { publish } from './publish.ts'
import { type InTurn, rehearse } from './rehearse.ts'
import { translateErrors } from './translate-errors.ts'
import type { Hook } from './types.ts'
import { validate } from './validate.ts'

/**
 * The order of everything, for every service and both transports. `around` hooks only, so that the order of the text
 * is the order of the run: down the list to the method, and up again after it.
 */
export const pipeline = (parts: {
  sessions: Authenticator
  places: Places
  publisher: Publisher
  limiter: RequestLimiter
  log: CallLog
  database: Pick<Database, 'rehearsal'>
  inTurn: InTurn
}): Hook[] => [
  logCall(parts.log),
  translateErrors,
  answer,
  authenticate(parts.sessions, parts.places),
  limitRequests(parts.limiter),
  authorize,
  validate,
  rehearse(parts.database, parts.inTurn),
  publish(parts.publisher),
  prune
]
