/** Lets `width` pieces of work run at a time; the others wait in the order they came. */
export class Gate {
  #width: number
  #limit: number
  #running = 0
  #waiting: (() => void)[] = []

  /** @param limit how many may wait before `full` says so */
  constructor(width: number, limit = Number.POSITIVE_INFINITY) {
    this.#width = width
    this.#limit = limit
  }

  get full(): boolean {
    return this.#waiting.length >= this.#limit
  }

  get idle(): boolean {
    return this.#running === 0
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#width) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running++
    try {
      return await work()
    } finally {
      // The place goes straight to the next in line, so nobody who comes in between can take it.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }
}
