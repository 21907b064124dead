import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * How a proxy treats its connections: `open` passes everything; `cut` breaks them and refuses new ones; `hole` takes
 * everything and passes nothing; `mute` passes what the client says and keeps the answers back.
 */
type Mode = 'open' | 'cut' | 'hole' | 'mute'

/** A TCP proxy before a database, to take it away in the ways a network does. */
export class TcpProxy {
  #server: Server
  #pairs = new Set<{ client: Socket; target: Socket }>()
  #mode: Mode = 'open'
  readonly url: string

  private constructor(server: Server, target: URL) {
    this.#server = server
    const url = new URL(target)
    url.hostname = '127.0.0.1'
    url.port = String((server.address() as { port: number }).port)
    this.url = url.href
  }

  static async before(targetUrl: string): Promise<TcpProxy> {
    const target = new URL(targetUrl)
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const proxy = new TcpProxy(server, target)
    server.on('connection', (client) => proxy.#join(client, target))
    return proxy
  }

  set mode(mode: Mode) {
    this.#mode = mode
    for (const pair of this.#pairs) this.#treat(pair)
  }

  async close(): Promise<void> {
    this.mode = 'cut'
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(client: Socket, { hostname, port }: URL): void {
    if (this.#mode === 'cut') return void client.destroy()
    const host = decodeURIComponent(hostname)
    const target = host.startsWith('/')
      ? connect(`${host}/.s.PGSQL.${port}`)
      : connect({ host, port: Number(port || 5432) })
    const pair = { client, target }
    this.#pairs.add(pair)
    const part = () => {
      this.#pairs.delete(pair)
      client.destroy()
      target.destroy()
    }
    for (const socket of [client, target]) socket.on('error', part).on('close', part)
    client.on('data', (bytes) => target.write(bytes))
    target.on('data', (bytes) => client.write(bytes))
    this.#treat(pair)
  }

  #treat({ client, target }: { client: Socket; target: Socket }): void {
    if (this.#mode === 'cut') return void client.destroy()
    if (this.#mode === 'hole') client.pause()
    else client.resume()
    if (this.#mode === 'open') target.resume()
    else target.pause()
  }
}
