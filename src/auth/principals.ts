import type { Principal } from '../policy/principal.ts'

/** A row of `auth_changes`: a session that ended, or a user or role whose holders have to be looked at again. */
export interface AuthChange {
  session_id?: string | null
  user_id?: string | null
  role_id?: string | null
}

interface Entry {
  /** Null: the session has ended. It never opens again, so that is kept too. */
  principal: Principal | null
  /** When the last known access token of the session expires, in ms; nobody can ask for it afterwards. */
  until: number
}

/**
 * The principals of the sessions seen by this node. Kept until a change concerns them or their tokens have expired, so
 * that whoever can still call, or still has a socket open, is found here when their role changes.
 */
export class Principals {
  #read: (sessionId: string) => Promise<Principal | null>
  #known = new Map<string, Entry>()
  #loading = new Map<string, Promise<Principal | null>>()
  #generation = 0

  /** @param read asks the database; null for a session that is not there or has ended */
  constructor(read: (sessionId: string) => Promise<Principal | null>) {
    this.#read = read
  }

  async of(sessionId: string, until: number): Promise<Principal | null> {
    const known = this.#known.get(sessionId)
    if (known) {
      if (known.until < until) known.until = until
      return known.principal
    }
    let loading = this.#loading.get(sessionId)
    if (!loading) {
      loading = this.#load(sessionId, until).finally(() => this.#loading.delete(sessionId))
      this.#loading.set(sessionId, loading)
    }
    return loading
  }

  /** Forgets what the changes concern. Answers the sessions that ended, and those to be looked at again. */
  apply(changes: AuthChange[]): { ended: string[]; changed: string[] } {
    this.#generation++
    const ended = new Set(changes.flatMap(({ session_id }) => session_id ?? []))
    const users = new Set(changes.map(({ user_id }) => user_id))
    const roles = new Set(changes.map(({ role_id }) => role_id))
    const changed: string[] = []
    for (const [sessionId, entry] of this.#known) {
      if (ended.has(sessionId)) entry.principal = null
      const user = entry.principal?.user
      if (user && (users.has(user.id) || roles.has(user.role_id))) {
        this.#known.delete(sessionId)
        changed.push(sessionId)
      }
    }
    return { ended: [...ended], changed }
  }

  /** Drops sessions whose tokens have all expired. Answers how many are left. */
  sweep(): number {
    const now = Date.now()
    for (const [sessionId, { until }] of this.#known) if (until <= now) this.#known.delete(sessionId)
    return this.#known.size + this.#loading.size
  }

  /** Reads again when a change came in meanwhile: the row may have been read before it. */
  async #load(sessionId: string, until: number): Promise<Principal | null> {
    for (;;) {
      const generation = this.#generation
      const principal = await this.#read(sessionId)
      if (generation !== this.#generation) continue
      this.#known.set(sessionId, { principal, until })
      return principal
    }
  }
}
