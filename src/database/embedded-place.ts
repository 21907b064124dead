import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Account, canEnter, chooseAccount } from './embedded-account.ts'
import { createOnce, readIfThere } from './embedded-lock.ts'

/** Where root keeps what its data folder cannot: kept over a reboot, and open to other users, unlike a home or /tmp. */
const SHARED = '/var/lib/regal'

/** Where a data folder's cluster lives, and as whom its server runs. `dir` is the data folder itself wherever possible. */
export interface Place {
  dir: string
  account: Account | undefined
}

/**
 * Finds the place of a data folder. As root below a folder that the account cannot enter it is a folder under
 * /var/lib/regal, remembered in `postgres.location`. Throws when existing data is out of reach: to begin an empty
 * database beside it would look like the loss of the shop's data.
 */
export function findPlace(dataDir: string, log: (line: string) => void): Place {
  const note = join(dataDir, 'postgres.location')
  const remembered = readIfThere(note)?.trim()
  if (remembered !== undefined && !existsSync(remembered)) {
    throw new Error(
      `${note} says that the data is in ${remembered}, which does not exist. Restore it, or delete the note.`
    )
  }
  const dir = remembered ?? dataDir
  const account = chooseAccount(join(dir, 'postgres'))
  const owner = statSync(join(dir, 'postgres'), { throwIfNoEntry: false })?.uid
  if (!account && owner !== undefined && owner !== process.geteuid?.()) {
    throw new Error(`The data in ${dir} belongs to another user (uid ${owner}). Start Regal as that user, or as root.`)
  }
  if (remembered === undefined && !canEnter(account, dataDir)) return makeSharedPlace(dataDir, note, account, log)
  if (remembered !== undefined) log(`PostgreSQL keeps its data in ${dir}`)
  return { dir, account }
}

function makeSharedPlace(
  dataDir: string,
  note: string,
  account: Account | undefined,
  log: (line: string) => void
): Place {
  if (existsSync(join(dataDir, 'postgres', 'PG_VERSION'))) {
    throw new Error(`The user ${account?.name} who runs PostgreSQL cannot enter ${dataDir}. Let it pass (chmod o+x).`)
  }
  mkdirSync(SHARED, { recursive: true })
  chmodSync(SHARED, 0o755)
  const dir = mkdtempSync(join(SHARED, 'data-'))
  chmodSync(dir, 0o711)
  writeFileSync(join(dir, 'origin'), `${dataDir}\n`)
  if (!createOnce(note, `${dir}\n`)) {
    // Another process began at the same moment; both must agree on one place, whose lock then decides.
    rmSync(dir, { recursive: true })
    return { dir: readFileSync(note, 'utf8').trim(), account }
  }
  log(`PostgreSQL runs as ${account?.name}, who cannot enter ${dataDir}: its data is in ${dir} (noted in ${note})`)
  return { dir, account }
}
