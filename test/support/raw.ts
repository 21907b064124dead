import { connect } from 'node:net'

export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  status: number
  head: string
  body: string
}

const HEAD_END = '\r\n\r\n'

function parse(text: string): RawAnswer {
  const cut = text.indexOf(HEAD_END)
  const head = cut < 0 ? text : text.slice(0, cut)
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
    head,
    body: cut < 0 ? '' : text.slice(cut + HEAD_END.length)
  }
}

/**
 * Sends bytes as they are and reads until the server closes, for what no HTTP client would send. Parts after the first
 * go out one by one until an answer comes; `Connection: close` among the headers makes the server close after it.
 */
export function exchange(url: string, ...parts: (string | Buffer)[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((done) => {
    const socket = connect(Number(port), hostname)
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    // A server that has answered may close while we still write: what it said counts.
    socket.on('error', () => {})
    socket.on('close', () => done(parse(Buffer.concat(chunks).toString('latin1'))))
    socket.on('connect', () => {
      let next = 0
      const write = (): void => {
        if (socket.destroyed || chunks.length || next >= parts.length) return
        socket.write(parts[next++]!, () => setImmediate(write))
      }
      write()
    })
  })
}

/** The text of a request whose lines are given; `Connection: close` is added. */
export const request = (line: string, headers: string[] = [], body = ''): string =>
  [`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', body].join('\r\n')
