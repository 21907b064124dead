import { Redis } from 'ioredis'

export type Warn = (message: string, error: unknown) => void

/**
 * A connection that is never waited for: while Redis is away commands fail at once, as everything kept there has a
 * substitute. (By default they wait: 40 s were measured.) Tells of an outage once, not at every attempt to reconnect.
 */
export function connectRedis(url: string, warn: Warn): Redis {
  const redis = new Redis(url, {
    connectionName: 'regal',
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
    commandTimeout: 500,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5000)
  })
  watch(redis, warn)
  return redis
}

/** A second connection with the same settings, as one that listens can do nothing else. */
export function duplicateRedis(redis: Redis, warn: Warn): Redis {
  const copy = redis.duplicate()
  watch(copy, warn)
  return copy
}

function watch(redis: Redis, warn: Warn): void {
  let away = false
  redis.on('ready', () => {
    away = false
  })
  redis.on('error', (error) => {
    if (!away) warn('Redis is away; this node goes on without it', error)
    away = true
  })
}
