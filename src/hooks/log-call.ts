import { randomUUID } from 'node:crypto'
import type { FeathersError } from '@feathersjs/errors'
import { isNested } from '../policy/call.ts'
import type { Hook, HookContext } from './types.ts'

/** Where finished calls are told of: the log and the metrics. */
export type CallLog = (call: {
  context: HookContext
  milliseconds: number
  error?: FeathersError & { cause?: unknown }
}) => void

/** One line and one measurement per call from outside, with its request id. */
export const logCall =
  (log: CallLog): Hook =>
  async (context, next) => {
    if (!context.params.provider || isNested(context.params)) return next()
    context.params.request_id ??= randomUUID()
    const started = performance.now()
    try {
      await next()
      log({ context, milliseconds: performance.now() - started })
    } catch (error) {
      log({ context, milliseconds: performance.now() - started, error: error as FeathersError })
      throw error
    }
  }
