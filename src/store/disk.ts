import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Store, Stored } from './store.ts'

const missing = (error: unknown): undefined => {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}

/** Makes the names in a folder outlive a crash of the machine. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

/** Whole under its name, or not there: it is written beside it, flushed, and then named. */
async function writeWhole(folder: string, name: string, content: Uint8Array): Promise<void> {
  const draft = join(folder, `${name}.${randomUUID()}.part`)
  try {
    const handle = await open(draft, 'wx', 0o600)
    await handle
      .writeFile(content)
      .then(() => handle.sync())
      .finally(() => handle.close())
    await rename(draft, join(folder, name))
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {})
    throw error
  }
  await syncFolder(folder)
}

const DRAFT_MS = 5 * 60 * 1000

/** A draft that nobody writes any more: a crash cut it off. */
async function isAbandoned(path: string): Promise<boolean> {
  const draft = await stat(path).catch(missing)
  return draft !== undefined && Date.now() - draft.mtimeMs > DRAFT_MS
}

/** Content in files named by their hash, in folders by its first two digits. */
export function diskStore(root: string): Store {
  const folderOf = (sha256: string) => join(root, sha256.slice(0, 2))
  return {
    async put(sha256, content) {
      const folder = folderOf(sha256)
      const there = await stat(join(folder, sha256)).catch(missing)
      if (there?.size === content.length) return
      if (await mkdir(folder, { recursive: true, mode: 0o700 })) await syncFolder(root)
      await writeWhole(folder, sha256, content)
    },

    async open(sha256): Promise<Stored | undefined> {
      const handle = await open(join(folderOf(sha256), sha256), 'r').catch(missing)
      if (!handle) return undefined
      try {
        const { size } = await handle.stat()
        return { size, stream: handle.createReadStream() }
      } catch (error) {
        await handle.close()
        throw error
      }
    },

    /** With the drafts of writes that a crash cut off. */
    async remove(sha256) {
      const folder = folderOf(sha256)
      await rm(join(folder, sha256), { force: true })
      const names = (await readdir(folder).catch(missing)) ?? []
      for (const name of names.filter((one) => one.startsWith(`${sha256}.`)))
        if (await isAbandoned(join(folder, name))) await rm(join(folder, name), { force: true })
    }
  }
}
