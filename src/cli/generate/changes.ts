import { existsSync } from 'node:fs'
import { mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CommandError } from '../command.ts'

/** What a command is about to do to one file. `before` is null for a new file. */
export interface Change {
  path: string
  before: string | null
  after: string
}

/** Files as they will be: everything is planned here and written at the end, so that a refusal leaves nothing behind. */
export class Changes {
  readonly root: string
  #files = new Map<string, Change>()

  constructor(root: string) {
    this.root = root
  }

  has(path: string): boolean {
    return this.#files.has(path) || existsSync(join(this.root, path))
  }

  /** The text of a file, with what is planned for it. @throws CommandError when it is not there */
  async read(path: string): Promise<string> {
    const planned = this.#files.get(path)
    if (planned) return planned.after
    try {
      return await readFile(join(this.root, path), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new CommandError(`${path} is not there.`)
      throw error
    }
  }

  /** @throws CommandError when there is such a file */
  create(path: string, text: string): void {
    if (this.has(path)) throw new CommandError(`${path} is there already, and nothing that exists is overwritten.`)
    this.#files.set(path, { path, before: null, after: text })
  }

  /** Plans another text for a file that is there. */
  async edit(path: string, text: string): Promise<void> {
    const planned = this.#files.get(path)
    if (planned) planned.after = text
    else this.#files.set(path, { path, before: await this.read(path), after: text })
  }

  list(): Change[] {
    return [...this.#files.values()].filter(({ before, after }) => before !== after)
  }

  /** Writes them all; when one cannot be written, those before it are put back. */
  async write(): Promise<void> {
    const done: Change[] = []
    try {
      for (const change of this.list()) {
        done.push(change)
        const path = join(this.root, change.path)
        await mkdir(dirname(path), { recursive: true })
        await writeFile(path, change.after, change.before === null ? { flag: 'wx' } : {})
      }
    } catch (error) {
      for (const { path, before } of done) {
        if (before !== null) await writeFile(join(this.root, path), before).catch(() => {})
        else if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await unlink(join(this.root, path)).catch(() => {})
      }
      throw error
    }
  }
}
