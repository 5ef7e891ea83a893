import type { Step } from './steps'

/** Describes one value or one step on the paths from the source. */
interface Place {
  /** The nearest place that every way here passes; -1 at the source. */
  readonly dominator: number
  readonly depth: number
}

/**
 * Finds what every path from a source passes: the dominators (Cooper, Harvey and Kennedy 2001; one pass, as the graph
 * has no cycles).
 */
export class Dominators {
  readonly #places: Place[] = [{ dominator: -1, depth: 0 }]
  readonly #values: (string | null)[]
  readonly #ofValue = new Map<string, number>()
  readonly #ofStep = new Map<Step, number>()

  constructor(steps: readonly Step[], source: string) {
    this.#values = [source]
    this.#ofValue.set(source, 0)
    for (const step of steps) {
      const from = step.inputs.map((input) => this.#ofValue.get(input)).filter((place) => place !== undefined)
      if (from.length === 0) continue
      const place = this.#add(
        from.reduce((a, b) => this.#common(a, b)),
        null,
      )
      this.#ofStep.set(step, place)
      for (const output of step.outputs) {
        if (!this.#ofValue.has(output)) this.#ofValue.set(output, this.#add(place, output))
      }
    }
  }

  reaches(value: string): boolean {
    return this.#ofValue.has(value)
  }

  /** Returns the values that every path from the source to this one passes, both ends included. */
  chainTo(value: string): string[] {
    const chain: string[] = []
    for (let place = this.#ofValue.get(value) ?? -1; place >= 0; place = this.#places[place].dominator) {
      const name = this.#values[place]
      if (name !== null) chain.push(name)
    }
    return chain.reverse()
  }

  /** Returns the last value of a chain that every path to a step passes; undefined where no path leads to it. */
  lastBefore(step: Step, chain: ReadonlyMap<string, number>): number | undefined {
    for (let place = this.#ofStep.get(step) ?? -1; place >= 0; place = this.#places[place].dominator) {
      const index = chain.get(this.#values[place] ?? '')
      if (index !== undefined) return index
    }
    return undefined
  }

  /** Says whether every path to `value` passes `dominator`. */
  dominates(dominator: string, value: string): boolean {
    const target = this.#ofValue.get(dominator)
    let place = this.#ofValue.get(value)
    if (target === undefined || place === undefined) return false
    while (this.#places[place].depth > this.#places[target].depth) place = this.#places[place].dominator
    return place === target
  }

  #add(dominator: number, value: string | null): number {
    this.#values.push(value)
    return this.#places.push({ dominator, depth: this.#places[dominator].depth + 1 }) - 1
  }

  #common(a: number, b: number): number {
    while (a !== b) {
      if (this.#places[a].depth >= this.#places[b].depth) a = this.#places[a].dominator
      else b = this.#places[b].dominator
    }
    return a
  }
}
