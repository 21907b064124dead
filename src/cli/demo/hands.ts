import type { Regal } from '../../app.ts'
import type { Call } from '../../policy/call.ts'
import type { Principal } from '../../policy/principal.ts'
import { type Reader, readerOf } from '../../policy/reader.ts'
import type { Row } from '../../services/projection.ts'
import { clean } from '../clean.ts'

/** Somebody at work: signed in, and held to what their role allows. */
export interface Worker {
  principal: Principal
  reader: Reader
}

/** Signs in as a till would. */
export async function signIn(
  regal: Regal,
  username: string,
  password: string,
  place: { home: string; today: string }
): Promise<Worker> {
  const { sessions } = regal.auth
  const { access_token } = await sessions.login({ username, password }, { device: 'regal demo' })
  const principal = await sessions.authenticate(access_token)
  return { principal, reader: readerOf(principal, place.home, () => place.today) }
}

function callOf(path: string, action: 'create' | 'update', worker: Worker | undefined, at: Date | undefined): Call {
  if (!worker) return at ? { at } : {}
  const access = worker.principal.access.of(path, action)
  if (!access) throw new Error(`${worker.principal.user.role} may not ${action} ${path}`)
  return { ...worker, access, ...(at && { at }) }
}

export interface Hands {
  /** Makes a record through its service, checked as a request would be; without a worker as the system. */
  make(path: string, data: Row, at?: Date, worker?: Worker): Promise<Row>
  change(path: string, id: string, data: Row, at?: Date, worker?: Worker): Promise<Row>
}

/** What the demo writes with: the services of this process, and nothing beside them. */
export const handsOf = ({ app }: Regal): Hands => ({
  make: (path, data, at, worker) => app.service(path).create(clean(path, data), callOf(path, 'create', worker, at)),
  change: (path, id, data, at, worker) => app.service(path).patch(id, data, callOf(path, 'update', worker, at))
})
