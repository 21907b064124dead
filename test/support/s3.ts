import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Settings } from '../../src/settings.ts'

const KEY = 'AKIDTEST'
const SECRET = 'a-secret-of-the-store/with+signs'
const REGION = 'eu-west-2'
export const BUCKET = 'pictures'

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')

/**
 * The signature that a request must have: AWS Signature Version 4, written from its description and not with the library that
 * the program uses.
 */
function signatureOf(request: IncomingMessage, signed: string[], scope: string): string {
  const { pathname, searchParams } = new URL(request.url!, 'http://store')
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  const query = [...searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
  const headers = signed.map((name) => `${name}:${String(request.headers[name]).trim().replace(/ +/g, ' ')}\n`).join('')
  const hash = request.headers['x-amz-content-sha256']
  const canonical = [request.method, pathname, query, headers, signed.join(';'), hash].join('\n')
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>((made, part) => hmac(made, part), `AWS4${SECRET}`)
  return hmac(key, text).toString('hex')
}

/** What is wrong with a request; undefined where it is signed as it must be, and its body is what was signed. */
function faultOf(request: IncomingMessage, body: Buffer): string | undefined {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? ''
    )
  if (!found) return 'AccessDenied'
  const [, key, scope, signed, signature] = found as unknown as [string, string, string, string, string]
  const day = String(request.headers['x-amz-date']).slice(0, 8)
  if (key !== KEY || scope !== `${day}/${REGION}/s3/aws4_request`) return 'InvalidAccessKeyId'
  const names = signed.split(';')
  if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => names.includes(name))) return 'AccessDenied'
  if (signatureOf(request, names, scope) !== signature) return 'SignatureDoesNotMatch'
  return request.headers['x-amz-content-sha256'] === sha256(body) ? undefined : 'XAmzContentSHA256Mismatch'
}

/**
 * A server that speaks the part of the S3 protocol that is needed, strictly: signatures are checked, by a secret of its own;
 * buckets in paths; objects put, read and deleted. There is no such server among the packages that is kept up and small.
 */
export class ObjectStore {
  readonly objects = new Map<string, { body: Buffer; type: string | undefined }>()
  /** What was asked for: `PUT /bucket/key`. */
  readonly asked: string[] = []
  /** `open` answers; `broken` fails; `hole` takes requests and never answers; `half` breaks answers off. */
  mode: 'open' | 'broken' | 'hole' | 'half' = 'open'
  #server = createServer((request, response) => void this.#serve(request, response))

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  settings(changes: Partial<Settings['files']> = {}): Settings['files'] {
    const { port } = this.#server.address() as AddressInfo
    return {
      s3_bucket: BUCKET,
      s3_region: REGION,
      s3_endpoint: `http://127.0.0.1:${port}`,
      s3_access_key: KEY,
      s3_secret_key: SECRET,
      s3_path_style: true,
      ...changes
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    const { pathname } = new URL(request.url!, 'http://store')
    this.asked.push(`${request.method} ${pathname}`)
    if (this.mode === 'hole') return
    const fault = this.mode === 'broken' ? 'InternalError' : faultOf(request, body)
    if (fault) refuse(response, this.mode === 'broken' ? 500 : 403, fault)
    else if (!pathname.startsWith(`/${BUCKET}/`)) refuse(response, 404, 'NoSuchBucket')
    else this.#answer(request, response, { name: pathname.slice(BUCKET.length + 2), body })
  }

  #answer(request: IncomingMessage, response: ServerResponse, { name, body }: { name: string; body: Buffer }): void {
    if (request.method === 'PUT') {
      this.objects.set(name, { body, type: request.headers['content-type'] })
      response.writeHead(200, { etag: `"${createHash('md5').update(body).digest('hex')}"` }).end()
    } else if (request.method === 'DELETE') {
      this.objects.delete(name)
      response.writeHead(204).end()
    } else this.#send(response, name)
  }

  #send(response: ServerResponse, name: string): void {
    const object = this.objects.get(name)
    if (!object) {
      refuse(response, 404, 'NoSuchKey')
      return
    }
    response.writeHead(200, {
      'content-length': object.body.length,
      'content-type': object.type ?? 'binary/octet-stream'
    })
    if (this.mode !== 'half') response.end(object.body)
    else response.write(object.body.subarray(0, object.body.length / 2), () => response.destroy())
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  const text = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`
  response.writeHead(status, { 'content-type': 'application/xml' }).end(text)
}
