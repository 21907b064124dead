import type { Regal } from '../../app.ts'
import { businessDate } from '../../domain/dates.ts'
import type { Call } from '../../policy/call.ts'
import type { Principal } from '../../policy/principal.ts'
import { type Reader, readerOf } from '../../policy/reader.ts'
import type { Row } from '../../services/projection.ts'
import { clean } from '../clean.ts'

/** Somebody at work: signed in, and held to what their role allows on the day. */
export interface Worker {
  principal: Principal
  readerAt(at: Date): Reader
}

/** Signs in as a till would. */
export async function signIn(
  regal: Regal,
  username: string,
  password: string,
  { home, zone }: { home: string; zone: string }
): Promise<Worker> {
  const { sessions } = regal.auth
  const { access_token } = await sessions.login({ username, password }, { device: 'regal demo' })
  const principal = await sessions.authenticate(access_token)
  return { principal, readerAt: (at) => readerOf(principal, home, () => businessDate(at, zone)) }
}

function callOf(path: string, action: 'create' | 'update', at: Date, worker: Worker | undefined): Call {
  if (!worker) return { at }
  const { principal } = worker
  const access = principal.access.of(path, action)
  if (!access) throw new Error(`${principal.user.role} may not ${action} ${path}`)
  return { principal, reader: worker.readerAt(at), access, at }
}

export interface Hands {
  /** Makes a record through its service, checked as a request would be; without a worker as the system. */
  make(path: string, data: Row, at: Date, worker?: Worker): Promise<Row>
  change(path: string, id: string, data: Row, at: Date, worker?: Worker): Promise<Row>
  /** A record as it is now. */
  read(path: string, id: string): Promise<Row>
  /** How many records of a resource were made. */
  made(path: string): number
}

/** What the demo writes with: the services of this process, and nothing beside them. */
export function handsOf({ app }: Pick<Regal, 'app'>): Hands {
  const counts = new Map<string, number>()
  /** A draft is no sale until it is issued. */
  const count = (path: string, record: Row): Row => {
    if (path !== 'invoices' || record.invoice_no) counts.set(path, (counts.get(path) ?? 0) + 1)
    return record
  }
  return {
    async make(path, data, at, worker) {
      return count(path, await app.service(path).create(clean(path, data), callOf(path, 'create', at, worker)))
    },
    async change(path, id, data, at, worker) {
      const record = await app.service(path).patch(id, data, callOf(path, 'update', at, worker))
      return path === 'invoices' ? count(path, record) : record
    },
    read: (path, id) => app.service(path).get(id),
    made: (path) => counts.get(path) ?? 0
  }
}
