interface Entry {
  at: number
  work: (at: Date) => Promise<void>
}

/** What is going to happen, in the order of time; what happens may put down what happens later. */
export class Agenda {
  #entries: Entry[] = []
  #last = 0

  /** @param at ms since 1970 */
  note(at: number, work: Entry['work']): void {
    const place = this.#entries.findLastIndex((entry) => entry.at <= at) + 1
    this.#entries.splice(place, 0, { at, work })
  }

  /** Lets happen, one after the other, what falls before `end`. No two at the same instant: numbers run with time. */
  async run(end: number): Promise<void> {
    while (this.#entries.length && this.#entries[0]!.at < end) {
      const { at, work } = this.#entries.shift()!
      this.#last = Math.max(at, this.#last + 1)
      await work(new Date(this.#last))
    }
  }
}
