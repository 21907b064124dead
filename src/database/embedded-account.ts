import { execFileSync, spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'

/** The user PostgreSQL runs as when we are root. Undefined elsewhere means: the user that runs Regal. */
export interface Account {
  uid: number
  gid: number
  name: string
}

/**
 * What every program of PostgreSQL is started with. A bare environment, because PGPORT, PGOPTIONS, LD_LIBRARY_PATH and the
 * like would reach into our server; LC_ALL=C because we read its messages; and `/` because the account may not be able
 * to enter the folder we were started in.
 */
export function spawnOptions(account: Account | undefined) {
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
  return { cwd: '/', env, ...(account && { uid: account.uid, gid: account.gid }) }
}

/**
 * PostgreSQL refuses to run as root, so root needs another user: the owner of the data where there is data, else
 * `postgres`, else `nobody`, which nearly every machine has; a system user `regal` is made only where neither exists.
 */
export function chooseAccount(clusterDir: string): Account | undefined {
  if (process.geteuid?.() !== 0) return undefined
  const owner = statSync(clusterDir, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, name: `uid ${owner.uid}` }
  return lookUp('postgres') ?? lookUp('nobody') ?? createAccount('regal')
}

/** True when the account can pass through this folder (always true for the user itself). */
export function canEnter(account: Account | undefined, folder: string): boolean {
  // Asked of the system rather than worked out from mode bits, which know nothing of ACLs and mount options.
  return !account || spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], spawnOptions(account)).status === 0
}

function lookUp(name: string): Account | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }))
  if (uid?.status !== 0 || gid?.status !== 0) return undefined
  return { uid: Number(uid.stdout), gid: Number(gid.stdout), name }
}

function createAccount(name: string): Account {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name])
  } catch (cause) {
    throw new Error('PostgreSQL cannot run as root, and no other user was found or could be made. Set DATABASE_URL.', {
      cause
    })
  }
  return lookUp(name) as Account
}
