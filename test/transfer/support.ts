import assert from 'node:assert/strict'
import { writeXlsx } from 'hucre/xlsx'
import type { Answer, Json, Shop } from '../support/shop.ts'

export const TYPES = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  jsonl: 'application/x-ndjson'
}

/** Sends a file; `query` is what stands behind the question mark. */
export async function sendFile(
  shop: Shop,
  path: string,
  body: string | Uint8Array,
  { query = '', as = shop.admin, type = TYPES.csv }: { query?: string; as?: string; type?: string } = {}
): Promise<Answer> {
  const response = await fetch(`${shop.url}/${path}/import${query && `?${query}`}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${as}`, 'content-type': type },
    body
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} }
}

/** The record of an import that came to its end. */
export async function imported(...given: Parameters<typeof sendFile>): Promise<Json> {
  const { status, body } = await sendFile(...given)
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

/** A workbook with one sheet. */
export const workbook = (rows: (string | number | boolean | Date | null)[][]): Promise<Uint8Array> =>
  writeXlsx({ sheets: [{ name: 'Sheet', rows }] })

export async function getFile(
  shop: Shop,
  path: string,
  as = shop.admin
): Promise<{ headers: Headers; bytes: Uint8Array }> {
  const response = await fetch(shop.url + path, { headers: { authorization: `Bearer ${as}` } })
  const bytes = new Uint8Array(await response.arrayBuffer())
  assert.equal(response.status, 200, Buffer.from(bytes).toString())
  return { headers: response.headers, bytes }
}

export const counted = ({ rows_done, created, updated, skipped, failed }: Json) => ({
  rows_done,
  created,
  updated,
  skipped,
  failed
})

/** All records of a list, oldest first. */
export async function all(shop: Shop, path: string, query = ''): Promise<Json[]> {
  const { status, body } = await shop.call('GET', `/${path}?$limit=200&${query}`, undefined, shop.admin)
  assert.equal(status, 200, JSON.stringify(body))
  return body.data
}
