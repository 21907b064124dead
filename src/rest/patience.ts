import type { IncomingMessage } from 'node:http'

const USUAL_MS = 15_000
/** As long as a file may take. */
export const LONGEST_MS = 60 * 60 * 1000

const patient = new WeakSet<IncomingMessage>()

/** Gives a request as long as a file takes: for a caller who is known, and a body that is worked on while it comes. */
export const allowTime = (request: IncomingMessage): void => void patient.add(request)

/** A slow client holds a connection, not the shop: fifteen seconds for a body, unless it was given more. */
export function holdToTime(request: IncomingMessage): void {
  const { headers } = request
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return
  const timer = setTimeout(() => {
    if (!request.complete && !patient.has(request)) request.destroy()
  }, USUAL_MS)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
}
