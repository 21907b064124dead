import { createHash } from 'node:crypto'
import { imageName } from '../../domain/file-name.ts'
import { readImage } from '../../domain/image.ts'
import { failure } from '../../errors.ts'
import type { Call } from '../../policy/call.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { Store, Stored } from '../../store/index.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'
import { claimContent, lockContent, noteLeftover, oldLeftovers, strikeLeftovers } from './leftovers.sql.ts'

/**
 * Pictures. Their content is stored before the record is committed and taken out after its removal is, so that no record is
 * ever without content; what is left behind by a fault in between is noted beforehand, and cleared away later.
 */
export class FileService extends ResourceService {
  private store: Store

  constructor(engine: Engine, store: Store) {
    super(resourceNamed('files'), engine)
    this.store = store
  }

  /** Keeps a picture, once per client-made id. @throws 422 for what is no picture, 503 store_unavailable */
  upload(content: Uint8Array, given: Row, call: Call): Promise<Row> {
    const { type, width, height, length } = readImage(content)
    const image = content.subarray(0, length)
    const sha256 = createHash('sha256').update(image).digest('hex')
    const name = imageName(given.name as string | undefined, type)
    const data = { ...given, name, content_type: type, bytes: length, width, height, sha256 }
    return this.exactlyOnce(data, call, async (id, fingerprint) => {
      // Before anything is stored; the insert asks again.
      this.requireWithin(this.complete(data, call), call)
      if (call.dry_run) return (await this.insert(data, call, id, fingerprint))!
      return this.keep(image, data, call, { id, fingerprint })
    })
  }

  private async keep(
    image: Uint8Array,
    data: Row,
    call: Call,
    { id, fingerprint }: { id: string; fingerprint: string | null }
  ): Promise<Row> {
    const { sha256, content_type } = data as { sha256: string; content_type: string }
    for (;;) {
      const note = await noteLeftover(this.engine.database, sha256)
      await this.store.put(sha256, image, content_type)
      const record = await this.inTransaction(call, async (transaction) => {
        // Somebody removed the last file of this content in the meantime: it is stored again.
        if (!(await claimContent(transaction, sha256, note))) return undefined
        return this.insert(data, { ...call, transaction }, id, fingerprint)
      })
      if (record) return record
    }
  }

  /** The content of a file, which is there and as long as it was. @throws 404 content_missing, 503 store_unavailable */
  async content({ sha256, bytes }: Row): Promise<Stored> {
    const stored = await this.store.open(sha256 as string)
    if (stored && stored.size === bytes) return stored
    stored?.stream.destroy()
    throw failure('content_missing')
  }

  /** @throws 404, 409 in_use */
  override remove(id: string, call: Call = {}): Promise<Row> {
    return this.inTransaction(call, async (transaction) => {
      const record = await super.remove(id, { ...call, transaction })
      const sha256 = record.sha256 as string
      await noteLeftover(transaction, sha256)
      // Where that fails, housekeeping tries again.
      transaction.afterCommit(() => void this.clear(sha256).catch(() => {}))
      return record
    })
  }

  /** Takes content out of the store unless a file has it. Nobody can make one of it in the meantime. */
  private clear(sha256: string): Promise<void> {
    return this.engine.database.transaction(async (transaction) => {
      if (!(await lockContent(transaction, sha256))) await this.store.remove(sha256)
      await strikeLeftovers(transaction, sha256)
    })
  }

  /** Clears away what uploads that broke off and removals that could not reach the store left behind. */
  async clearLeftovers(): Promise<void> {
    for (const sha256 of await oldLeftovers(this.engine.database)) await this.clear(sha256)
  }
}
