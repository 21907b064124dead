import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'

/** A line to a server on http that breaks when it is told to: what was asked arrives, the answer does not. */
export class Line {
  #server: Server
  #breaking = false
  /** How often it broke. */
  breaks = 0

  private constructor(server: Server) {
    this.#server = server
  }

  static async to(target: string): Promise<Line> {
    const { hostname, port } = new URL(target)
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const line = new Line(server)
    server.on('connection', (client) => {
      const far = connect(Number(port || 80), hostname)
      const hangUp = () => {
        client.destroy()
        far.destroy()
      }
      for (const end of [client, far]) end.on('error', hangUp).on('close', hangUp)
      client.on('data', (bytes) => far.write(bytes))
      far.on('data', (bytes) => {
        if (!line.#breaking) return void client.write(bytes)
        line.#breaking = false
        line.breaks++
        hangUp()
      })
    })
    return line
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The next answer is lost, and the connection with it. */
  breakAtNextAnswer(): void {
    this.#breaking = true
  }

  close(): void {
    this.#server.close()
  }
}
