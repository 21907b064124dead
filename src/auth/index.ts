import type { Logger } from 'pino'
import type { Database } from '../database/connection.ts'
import type { Settings } from '../settings.ts'
import { Limits } from './limits.ts'
import { connectRedis, type Warn } from './redis.ts'
import { Revocation } from './revocation.ts'
import { type SignInSockets, signInServices } from './services.ts'
import { Sessions } from './sessions.ts'

export type Authentication = ReturnType<typeof openAuthentication>

/** Everything about sign-in, wired together and listening for changes made elsewhere. The database stays the caller's. */
export function openAuthentication({
  database,
  settings,
  log
}: {
  database: Database
  settings: Settings
  log: Logger
}) {
  const warn: Warn = (message, err) => log.warn({ err }, message)
  const redis = settings.redis_url ? connectRedis(settings.redis_url, warn) : undefined
  const limits = new Limits(settings.limits, redis)
  const sessions: Sessions = new Sessions({ database, settings, publish: (changes) => revocation.publish(changes) })
  const revocation = new Revocation({
    database,
    redis,
    warn,
    refreshDays: settings.auth.refresh_days,
    apply: (changes) => sessions.apply(changes),
    active: () => sessions.sweep()
  })
  revocation.start()
  return {
    sessions,
    limits,
    /** The services of sign-in and their methods, by path. */
    services: (sockets: SignInSockets) => signInServices(sessions, limits, sockets),
    /** Stops listening for changes and lets go of Redis. */
    close: async () => {
      await revocation.close()
      redis?.disconnect()
    }
  }
}
