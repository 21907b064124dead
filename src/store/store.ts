import type { Readable } from 'node:stream'
import { failure } from '../errors.ts'

/** Content as it was stored, and how many bytes of it there are. */
export interface Stored {
  size: number
  stream: Readable
}

/** Keeps content under its own hash, so that what is stored twice is one. */
export interface Store {
  /** Once it resolves the content outlives a crash. Content that is there already stays. */
  put(sha256: string, content: Uint8Array, type: string): Promise<void>
  /** Undefined where there is none. */
  open(sha256: string): Promise<Stored | undefined>
  /** Also where there is none. */
  remove(sha256: string): Promise<void>
}

const RETRY_SECONDS = 5

async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const known = failure('store_unavailable', { retry_after: RETRY_SECONDS })
    Object.defineProperty(known, 'cause', { value: error, enumerable: false })
    throw known
  }
}

/** The same store, whose faults are 503 `store_unavailable`, be it a full disk or a network that is down. */
export const sayingWhenAway = (store: Store): Store => ({
  put: (sha256, content, type) => reaching(() => store.put(sha256, content, type)),
  open: (sha256) => reaching(() => store.open(sha256)),
  remove: (sha256) => reaching(() => store.remove(sha256))
})
