import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Action } from '../../policy/access.ts'
import type { Resource } from '../../schemas/define.ts'
import { CommandError } from '../command.ts'
import type { Change, Changes } from './changes.ts'

/** A copy of the sources as they will be, to format and to load them before anything is written. */
export interface Stage {
  /** Formats what was planned, in `changes`: new files, and edited ones that were formatted before. */
  format(): Promise<void>
  /** The definitions as they will be. @throws CommandError when they, or the role matrix, do not hold together */
  resources(): Promise<readonly Resource[]>
}

/** Runs `work` with a staged copy of `changes`, and removes it. */
export async function staged<T>(changes: Changes, work: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'regal-'))
  try {
    const { root } = changes
    for (const path of ['src', 'package.json', 'biome.json'])
      await cp(join(root, path), join(folder, path), { recursive: true })
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir')
    return await work({ format: () => format(folder, changes), resources: () => load(folder, changes) })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function put(folder: string, files: Pick<Change, 'path' | 'after'>[]): Promise<void> {
  for (const { path, after } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), after)
  }
}

const FORMATTED = /\.(ts|json)$/

/** What Biome makes of files, by path. What it finds and cannot mend is for `npm run check` to tell. */
async function biome(folder: string, files: Pick<Change, 'path' | 'after'>[]): Promise<Map<string, string>> {
  const paths = files.map(({ path }) => path)
  if (!paths.length) return new Map()
  await put(folder, files)
  const program = join(folder, 'node_modules/@biomejs/biome/bin/biome')
  const options = ['check', '--write', '--vcs-enabled=false', '--vcs-use-ignore-file=false']
  const child = spawn(process.execPath, [program, ...options, ...paths], { cwd: folder, stdio: 'ignore' })
  await once(child, 'close')
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const))
  )
}

async function format(folder: string, changes: Changes): Promise<void> {
  const planned = changes.list().filter(({ path }) => FORMATTED.test(path))
  const edited = planned.flatMap(({ path, before }) => (before === null ? [] : [{ path, after: before }]))
  const former = await biome(folder, edited)
  const clean = planned.filter(({ path, before }) => before === null || former.get(path) === before)
  for (const [path, text] of await biome(folder, clean)) await changes.edit(path, text)
}

const ACTIONS: Action[] = ['read', 'create', 'update', 'delete']

type From = (path: string) => Promise<Record<string, unknown>>

/** A report that no longer fits its resource would stop the start. */
async function checkReports(from: From): Promise<void> {
  const { reports } = (await from('reports/index.ts')) as typeof import('../../reports/index.ts')
  const { parseQuery } = (await from('schemas/query.ts')) as typeof import('../../schemas/query.ts')
  const { resourceNamed } = (await from('schemas/index.ts')) as typeof import('../../schemas/index.ts')
  const { gateOf } = (await from('policy/gate.ts')) as typeof import('../../policy/gate.ts')
  for (const { of, query } of reports) parseQuery(gateOf(resourceNamed(of), {}, false), query)
}

async function load(folder: string, changes: Changes): Promise<readonly Resource[]> {
  await put(folder, changes.list())
  const from: From = (path) => import(pathToFileURL(join(folder, 'src', path)).href)
  try {
    const { resources } = (await from('schemas/index.ts')) as typeof import('../../schemas/index.ts')
    const { BUILT_IN_ROLES, presetOf, requireComplete } = (await from(
      'policy/presets.ts'
    )) as typeof import('../../policy/presets.ts')
    const { AccessTable } = (await from('policy/access.ts')) as typeof import('../../policy/access.ts')
    requireComplete({})
    await checkReports(from)
    for (const role of BUILT_IN_ROLES) {
      const table = new AccessTable(presetOf(role))
      for (const { name } of resources) for (const action of ACTIONS) table.of(name, action)
    }
    return resources
  } catch (error) {
    throw new CommandError(
      `With this change the definitions would no longer hold together: ${(error as Error).message}.`
    )
  }
}
