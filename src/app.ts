import { feathers } from '@feathersjs/feathers'
import { type Application, koa, rest } from '@feathersjs/koa'
import type { Logger } from 'pino'
import { type Authentication, openAuthentication } from './auth/index.ts'
import { Database } from './database/connection.ts'
import { pipeline } from './hooks/pipeline.ts'
import { keepHouse } from './ops/housekeeping.ts'
import { callLog, refusalLog } from './ops/log.ts'
import { operations } from './ops/routes.ts'
import { Places } from './policy/places.ts'
import { requireComplete } from './policy/presets.ts'
import { Publisher } from './realtime/publisher.ts'
import { RoleTables } from './realtime/role-tables.ts'
import { Sockets } from './realtime/sockets.ts'
import { reports } from './reports/index.ts'
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
import { ShiftReportService } from './services/cash/reports.ts'
import type { FileService } from './services/files/service.ts'
import { type ServiceParts, servicesOf } from './services/index.ts'
import { StatementService } from './services/parties/statements.ts'
import { ReportService } from './services/reports.ts'
import type { ResourceService } from './services/resource.ts'
import type { Settings } from './settings.ts'
import { openStore } from './store/index.ts'
import { images } from './transfer/images.ts'
import { endAbandoned } from './transfer/journal.ts'
import { transfer } from './transfer/routes.ts'

/** A composed Regal that is not listening yet. */
export interface Regal {
  app: Application
  settings: Settings
  database: Database
  auth: Authentication
  publisher: Publisher
  sockets: Sockets
  /** The services of the resources, without the hooks of a call. */
  services: ReadonlyMap<string, ResourceService>
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
  const services = new Map<string, ResourceService>()
  const stopHousekeeping = keepHouse(
    database,
    {
      'reading branches and roles anew': refresh,
      'ending abandoned imports': () => endAbandoned({ imports: services.get('imports')!, publisher }),
      'clearing away pictures of no file': () => (services.get('files') as FileService).clearLeftovers()
    },
    log
  )
  const inTurn = takingTurns(settings.database.pool_max)
  const hooks = pipeline({
    sessions: auth.sessions,
    places,
    publisher,
    limiter: auth.limits,
    log: callLog(log),
    database,
    inTurn
  })

  const app = koa(feathers()) as Application
  const parts = { app, settings, database, auth, publisher, sockets, services, stopHousekeeping }
  const regal: Regal = { ...parts, draining: false }
  Object.defineProperty(app.request, 'query', {
    get(this: { querystring: string }) {
      return parseAddress(this.querystring)
    }
  })
  // A connection that breaks off while its request is read; Koa would print the stack.
  app.on('error', (error: Error) => log.info({ reason: error.message }, 'a request broke off'))
  app.use(edge({ trustedProxies: settings.trusted_proxies, refused: refusalLog(log) }))
  app.use(crossOrigin(settings.cors_origins))
  const stopping = () => regal.draining
  app.use(transfer({ app, hooks, services, publisher, stopping, limits: settings.limits }))
  app.use(images({ app, hooks, services, limits: settings.limits }))
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
  const attempt: ServiceParts['attempt'] = (name, address, check) => auth.limits.pin(name, address, check)
  const store = openStore(settings)
  const serviceParts: ServiceParts = { database, places, publisher, store, announce, endSession, attempt }
  for (const [service, resource] of servicesOf(serviceParts)) {
    services.set(resource.name, service)
    app.use(resource.name, service, { methods: [...resource.methods] })
  }
  const shiftReports = new ShiftReportService(services.get('shifts')!)
  app.use('shift-reports', shiftReports as never, { methods: ['get'] })
  for (const party of ['customer', 'vendor'] as const) {
    const statements = new StatementService(party, services.get(`${party}s`)!, services.get('account-entries')!)
    app.use(`${party}-statements`, statements as never, { methods: ['get'] })
  }
  const most = settings.limits.batch_operations
  const batch = new BatchService({ database, inTurn, most, perform: throughHooks(app) })
  app.use('batch', batch as never, { methods: ['create'] })
  for (const report of reports) {
    const service = new ReportService(report, services.get(report.of))
    app.use(`reports/${report.name}`, service as never, { methods: ['find'] })
  }
  const signIn = auth.services(sockets)
  for (const [path, { service, methods }] of Object.entries(signIn)) app.use(path, service as never, { methods })
  app.lookup = servicesByPath(app)
  requireComplete({
    batch: ['create'],
    'shift-reports': ['get'],
    'customer-statements': ['get'],
    'vendor-statements': ['get'],
    ...Object.fromEntries(reports.map(({ name }) => [`reports/${name}`, ['find']])),
    ...Object.fromEntries(Object.entries(signIn).map(([path, { methods }]) => [path, methods]))
  })
  app.hooks({ around: { all: hooks } } as never)
  return regal
}
