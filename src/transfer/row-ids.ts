import { createHash } from 'node:crypto'

const TAIL = 2 ** 42

/**
 * The ids of the rows of an import, made of its id and the row's number: sent again, a row has the id it had. They are
 * UUIDs of version 7 with the time the import began, so that rows lie together and in the order of the file.
 */
export function rowIds(importId: string, began: string): (row: number) => string {
  const time = Date.parse(began).toString(16).padStart(12, '0')
  const tail = Number.parseInt(createHash('sha256').update(importId).digest('hex').slice(0, 11), 16) % TAIL
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')
  return (row) => {
    // 32 bits for the row: 12 behind the version, 14 behind the variant, 6 before the tail.
    const high = hex(Math.floor(row / 2 ** 20) % 2 ** 12, 3)
    const middle = hex(0x8000 + (Math.floor(row / 64) % 2 ** 14), 4)
    const low = hex((row % 64) * TAIL + tail, 12)
    return `${time.slice(0, 8)}-${time.slice(8)}-7${high}-${middle}-${low}`
  }
}
