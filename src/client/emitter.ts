/** Listeners by event. `Events` maps names to what their listeners are told. */
export class Emitter<Events> {
  #listeners = new Map<keyof Events, Set<(told: never) => void>>()

  /** Answers the function that stops it. */
  on<E extends keyof Events>(event: E, listener: (told: Events[E]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners.add(listener))
    return () => void listeners.delete(listener)
  }

  emit<E extends keyof Events>(event: E, told: Events[E]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) (listener as (told: Events[E]) => void)(told)
  }
}
