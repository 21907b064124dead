import { spawn } from 'node:child_process'
import { chmod, cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const LEFT = new Set(['node_modules', 'data', 'dist', 'coverage', '.git', '.tmp'])

export interface Ran {
  out: string
  said: string
  code: number | null
}

/** A copy of the project, to change. */
export interface Scratch {
  root: string
  /** Runs a program of node with the settings of nobody else, in the copy. */
  run(args: string[], env?: Record<string, string>): Promise<Ran>
  regal(args: string[], env?: Record<string, string>): Promise<Ran>
  read(path: string): Promise<string>
  /** Every file of the copy, by path. */
  contents(): Promise<Record<string, string>>
  remove(): Promise<void>
}

export async function openScratch(): Promise<Scratch> {
  const root = await mkdtemp(join(tmpdir(), 'regal-scratch-'))
  // As root PostgreSQL runs as another user, who must be able to enter.
  await chmod(root, 0o711)
  for (const name of (await readdir(ROOT)).filter((name) => !LEFT.has(name)))
    await cp(join(ROOT, name), join(root, name), { recursive: true, filter: (path) => !path.endsWith('bench/results') })
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'dir')

  async function run(args: string[], env: Record<string, string> = {}): Promise<Ran> {
    const { DATABASE_URL: _, REGAL_TEST_PLACE: __, REGAL_TEST_URL: ___, ...own } = process.env
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...own, ...env },
      stdio: ['ignore', 'pipe', 'pipe']
    })
    const ended = new Promise<number | null>((done) => child.once('close', done))
    const [out, said, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
    return { out, said, code }
  }

  return {
    root,
    run,
    regal: (args, env) => run(['bin/regal.js', ...args], env),
    read: (path) => readFile(join(root, path), 'utf8'),
    async contents() {
      const paths = (await readdir(root, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && !entry.parentPath.includes('/node_modules'))
        .map((entry) => join(entry.parentPath, entry.name))
      return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'latin1')])))
    },
    remove: () => rm(root, { recursive: true, force: true })
  }
}
