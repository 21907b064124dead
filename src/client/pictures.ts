import { convert } from '@feathersjs/errors'
import { regalError } from './errors.ts'
import { newId } from './ids.ts'
import type { Row } from './query.ts'
import { type Answer, type Caller, readJson, request } from './rest.ts'

/** A picture as it is read: `new Blob([bytes], { type })` is what a browser shows. */
export interface Picture {
  type: string
  bytes: Uint8Array
}

/** Pictures, which come and go as bytes and over HTTP, whatever the transport of the calls. */
export interface Pictures {
  /** Keeps a JPEG, PNG or WebP, once, however often it has to be sent: the client makes the id where there is none. */
  upload(bytes: Uint8Array, about?: { id?: string; name?: string; branch_id?: string }): Promise<Row<'files'>>
  /** The content of a file. */
  content(id: string): Promise<Picture>
}

/** Five megabytes take longer than a call. */
const PATIENCE = 6

/** What the server asks to be told; it looks for itself. */
const TYPES: Record<number, string> = { 255: 'image/jpeg', 137: 'image/png' }

type Work<T> = (token: string | undefined) => Promise<T>

async function readPicture(answer: Answer): Promise<Picture | { json(): Promise<unknown> }> {
  if (!answer.ok) return readJson(answer)
  return { type: answer.headers.get('content-type') ?? '', bytes: new Uint8Array(await answer.arrayBuffer()) }
}

const refusal = async ({ json }: { json(): Promise<unknown> }) => regalError(convert((await json()) as object))

/** `made` makes a call with the token of the session, again where that is safe, as it is for both of these. */
export function picturesOf(
  url: string,
  fetcher: Caller,
  timeout: number,
  made: <T>(work: Work<T>) => Promise<T>
): Pictures {
  const headersOf = (token: string | undefined) => (token === undefined ? {} : { Authorization: `Bearer ${token}` })
  return {
    upload: (bytes, { id = newId(), ...about } = {}) =>
      made(async (token) => {
        const headers = { ...headersOf(token), 'Content-Type': TYPES[bytes[0]!] ?? 'image/webp' }
        const address = `${url}/files?${new URLSearchParams({ id, ...about })}`
        const init = { method: 'POST', headers, body: bytes }
        const answer = await request(fetcher, [address, init], timeout * PATIENCE, readJson)
        if (!answer.ok) throw await refusal(answer)
        return (await answer.json()) as Row<'files'>
      }),
    content: (id) =>
      made(async (token) => {
        const address = `${url}/files/${encodeURIComponent(id)}/content`
        const init = { method: 'GET', headers: headersOf(token) }
        const answer = await request(fetcher, [address, init], timeout * PATIENCE, readPicture)
        if ('json' in answer) throw await refusal(answer)
        return answer
      })
  }
}
