import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { hash, type Options, verify } from '@node-rs/argon2'
import { failure, fieldFailure } from '../errors.ts'
import { Gate } from './gate.ts'

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane. The package's default algorithm is argon2id. */
const PARAMETERS: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const PREFIX = '$argon2id$v=19$m=19456,t=2,p=1$'
const MIN_LENGTH = 10

/** Half the cores: a hash is 20 to 30 ms of one core, and sales go on while a shop signs in. */
const gate = new Gate(Math.max(1, Math.floor(availableParallelism() / 2)), 100)

const base64 = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '')
/** Looks like a hash, belongs to no password, and takes as long to refuse as a real one. */
const DUMMY = `${PREFIX}${base64(16)}$${base64(32)}`

const hashed = (secret: string) => throttled(() => hash(secret.normalize('NFKC'), PARAMETERS))

function throttled<T>(work: () => Promise<T>): Promise<T> {
  if (gate.full) return Promise.reject(failure('rate_limited', { retry_after: 2 }))
  return gate.run(work)
}

/**
 * The argon2id hash of a new password, in PHC form.
 * @throws 400 invalid_data when it has fewer than 10 characters; 429 when too many hashes wait
 */
export async function hashPassword(password: string): Promise<string> {
  if ([...password].length < MIN_LENGTH)
    throw fieldFailure('invalid_data', 'password', `must have at least ${MIN_LENGTH} characters`)
  return hashed(password)
}

/** The same for the PIN a colleague approves with. @throws 400 invalid_data unless it is 4 to 8 digits */
export async function hashPin(pin: string): Promise<string> {
  if (!/^[0-9]{4,8}$/.test(pin)) throw fieldFailure('invalid_data', 'pin', 'must be 4 to 8 digits')
  return hashed(pin)
}

/**
 * Whether `password` (or a PIN) belongs to `stored`. Without a usable hash it does the same work on a dummy and answers
 * false, so that time does not tell who exists. @throws 429 when too many hashes wait
 */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  const known = stored?.startsWith(PREFIX) ? stored : DUMMY
  return throttled(() => verify(known, password.normalize('NFKC')))
}
