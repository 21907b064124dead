import { feathers } from '@feathersjs/feathers'
import { type Application, koa, rest } from '@feathersjs/koa'
import type { Logger } from 'pino'
import { type Authentication, openAuthentication } from './auth/index.ts'
import { Database } from './database/connection.ts'
import { pipeline } from './hooks/pipeline.ts'
import { keepHouse } from './ops/housekeeping.ts'
import { callLog, refusalLog } from './ops/log.ts'
import { operations } from './ops/routes.ts'
import { requireComplete } from './policy/matrix.ts'
import { Places } from './policy/places.ts'
import { Publisher } from './realtime/publisher.ts'
import { RoleTables } from './realtime/role-tables.ts'
import { Sockets } from './realtime/sockets.ts'
import { jsonBody } from './rest/body.ts'
import { edge } from './rest/edge.ts'
import { crossOrigin } from './rest/headers.ts'
import { servicesByPath } from './rest/lookup.ts'
import { postedQuery } from './rest/posted-query.ts'
import { parseAddress } from './rest/query.ts'
import { configureCurrency } from './schemas/currency.ts'
import { throughHooks } from './services/batch/perform.ts'
import { BatchService } from './services/batch/service.ts'
import { takingTurns } from './services/batch/turns.ts'
import { type ServiceParts, servicesOf } from './services/index.ts'
import type { Settings } from './settings.ts'

/** A composed Regal that is not listening yet. */
export interface Regal {
  app: Application
  settings: Settings
  database: Database
  auth: Authentication
  publisher: Publisher
  sockets: Sockets
  stopHousekeeping(): void
  /** Set while stopping: ready answers 503, so that a balancer sends nobody here. */
  draining: boolean
}

/** Composes the whole: read top to bottom, this is what Regal is made of. The database is migrated and prepared. */
export async function createRegal(settings: Settings, log: Logger): Promise<Regal> {
  configureCurrency(settings.currency, settings.currency_scale)
  const database = new Database(settings.database)
  const places = new Places(database)
  const roles = new RoleTables(database)
  const auth = openAuthentication({ database, settings, log })
  const publisher = new Publisher(places, () => roles.all())
  const sockets = new Sockets(auth.sessions, places, {
    origins: settings.cors_origins,
    bodyBytes: settings.limits.body_bytes,
    trustedProxies: settings.trusted_proxies,
    messagesPerSecond: settings.limits.messages_per_second,
    socketsPerUser: settings.limits.sockets_per_user
  })
  await Promise.all([places.load(), roles.load()])
  const refresh = () => Promise.all([places.load(), roles.load()])
  // A change that cannot be read now is read by the next round of housekeeping.
  const refreshSoon = () => void refresh().catch(() => {})
  auth.sessions.onChange(refreshSoon)
  const stopHousekeeping = keepHouse(database, refresh, log)

  const app = koa(feathers()) as Application
  const regal: Regal = { app, settings, database, auth, publisher, sockets, stopHousekeeping, draining: false }
  Object.defineProperty(app.request, 'query', {
    get(this: { querystring: string }) {
      return parseAddress(this.querystring)
    }
  })
  // A connection that breaks off while its request is read; Koa would print the stack.
  app.on('error', (error: Error) => log.info({ reason: error.message }, 'a request broke off'))
  app.use(edge({ trustedProxies: settings.trusted_proxies, refused: refusalLog(log) }))
  app.use(crossOrigin(settings.cors_origins))
  app.use(jsonBody(settings.limits.body_bytes))
  app.use(postedQuery)
  app.use(operations(regal))
  app.configure(rest())
  app.configure(sockets.configure())

  const announce: ServiceParts['announce'] = (changes) => {
    auth.sessions.announce(changes)
    refreshSoon()
  }
  const endSession: ServiceParts['endSession'] = (session, reason, by) => auth.sessions.endSession(session, reason, by)
  for (const [service, resource] of servicesOf({ database, places, publisher, announce, endSession })) {
    app.use(resource.name, service, { methods: [...resource.methods] })
  }
  const inTurn = takingTurns(settings.database.pool_max)
  const most = settings.limits.batch_operations
  const batch = new BatchService({ database, inTurn, most, perform: throughHooks(app) })
  app.use('batch', batch as never, { methods: ['create'] })
  const signIn = auth.services(sockets)
  for (const [path, { service, methods }] of Object.entries(signIn)) app.use(path, service as never, { methods })
  app.lookup = servicesByPath(app)
  requireComplete({
    batch: ['create'],
    ...Object.fromEntries(Object.entries(signIn).map(([path, { methods }]) => [path, methods]))
  })
  app.hooks({
    around: {
      all: pipeline({
        sessions: auth.sessions,
        places,
        publisher,
        limiter: auth.limits,
        log: callLog(log),
        database,
        inTurn
      })
    }
  } as never)
  return regal
}
