import type { Database } from '../database/connection.ts'
import { businessDate } from '../domain/dates.ts'

interface Place {
  id: string
  timezone: string
}

/** The branches and their time zones, in memory: every request needs them and they hardly ever change. */
export class Places {
  #database: Database
  #places = new Map<string, Place>()
  #home: Place | undefined

  constructor(database: Database) {
    this.#database = database
  }

  /** Reads the branches anew; called at start, when a branch changes here, and by housekeeping for changes elsewhere. */
  async load(): Promise<void> {
    const rows = await this.#database.query<Place>(
      'select id, timezone from branches order by is_active desc, created_at, id'
    )
    this.#places = new Map(rows.map((place) => [place.id, place]))
    this.#home = rows[0]
  }

  /** The branch of whoever is not bound to one: the first. */
  get home(): string | null {
    return this.#home?.id ?? null
  }

  get ids(): string[] {
    return [...this.#places.keys()]
  }

  /** The zone at a branch, and whether it is that of all: what days are counted by. */
  zones(branch: string | null): { home: string; one: boolean } {
    const all = new Set([...this.#places.values()].map(({ timezone }) => timezone))
    return { home: this.#zone(branch), one: all.size < 2 }
  }

  /** The business date at a branch: now, or at another instant. */
  today(branch: string | null, at = new Date()): string {
    return businessDate(at, this.#zone(branch))
  }

  #zone(branch: string | null): string {
    const place = (branch && this.#places.get(branch)) || this.#home
    return place?.timezone ?? 'UTC'
  }
}
