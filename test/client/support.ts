import { type ClientOptions, type RegalClient, regalClient, type TransportName } from '../../src/client.ts'
import { PASSWORD, type Shop } from '../support/shop.ts'

export const transports: readonly TransportName[] = ['rest', 'socket']

/** Quick pauses, so that a test waits no longer than it must. */
const quick = { pause: 20, longest: 500, timeout: 2000 }

/** Opens clients, and closes them all. */
export class Clients {
  #open: RegalClient[] = []

  /** A client of `url`; nobody is signed in. */
  open<T extends TransportName>(options: ClientOptions<T>): RegalClient<T> {
    const client = regalClient({ retry: quick, ...options })
    this.#open.push(client as RegalClient)
    return client
  }

  /** A client of a shop, signed in. */
  async signedIn<T extends TransportName>(
    shop: Shop,
    transport: T,
    { username = 'admin', ...options }: Partial<ClientOptions<T>> & { username?: string } = {}
  ): Promise<RegalClient<T>> {
    const client = this.open({ url: shop.url, transport, ...options })
    await client.login(username, PASSWORD)
    return client
  }

  close(): void {
    for (const client of this.#open.splice(0)) client.close()
  }
}

/** The next time that a client, or a service, tells of something. */
export const next = <T>(subscribe: (listener: (told: T) => void) => () => void, ms = 5000): Promise<T> =>
  new Promise((done, failed) => {
    const timer = setTimeout(() => {
      stop()
      failed(new Error(`nothing came within ${ms} ms`))
    }, ms)
    const stop = subscribe((told) => {
      clearTimeout(timer)
      stop()
      done(told)
    })
  })
