import type { FeathersError } from '@feathersjs/errors'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Regal } from '../app.ts'

const registry = new Registry()
collectDefaultMetrics({ register: registry })

const calls = new Histogram({
  name: 'regal_call_seconds',
  help: 'Duration of calls by service, method, transport and status class',
  labelNames: ['service', 'method', 'via', 'status'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  registers: [registry]
})
const refusals = new Counter({
  name: 'regal_refusals_total',
  help: 'Calls refused, by the reason word of the error catalogue',
  labelNames: ['reason'],
  registers: [registry]
})
const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] })
const pool = {
  open: gauge('regal_pool_connections', 'Database connections open'),
  idle: gauge('regal_pool_idle', 'Database connections idle'),
  waiting: gauge('regal_pool_waiting', 'Calls waiting for a database connection')
}
const sockets = gauge('regal_sockets', 'Websocket clients connected')

/** Looking a series up by its labels costs more than counting in it; there are services x methods x transports of them. */
const known = new Map<string, ReturnType<typeof calls.labels>>()

/** Measures one finished call. */
export function observeCall(
  service: string,
  method: string,
  via: string,
  status: number,
  milliseconds: number,
  error?: FeathersError
): void {
  const labels = `${service} ${method} ${via} ${Math.floor(status / 100)}xx`
  let series = known.get(labels)
  if (!series) {
    series = calls.labels(...labels.split(' '))
    known.set(labels, series)
  }
  series.observe(milliseconds / 1000)
  if (error) observeRefusal(error)
}

/** Counts an error by its reason word. */
export function observeRefusal(error: FeathersError): void {
  const { reason } = (error.data ?? {}) as { reason?: string }
  if (reason) refusals.labels(reason).inc()
}

/** All metrics as Prometheus text. */
export async function metricsText({ database, sockets: live }: Regal): Promise<string> {
  pool.open.set(database.pool.totalCount)
  pool.idle.set(database.pool.idleCount)
  pool.waiting.set(database.pool.waitingCount)
  sockets.set(live.io?.engine.clientsCount ?? 0)
  return registry.metrics()
}
