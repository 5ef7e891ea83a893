import type { ComparedChoice, RunSlot, StoredRun } from '../core/corpus/corpusService'
import type { TokenNames } from '../core/corpus/run'
import { fail } from '../core/failure'
import { type OpenRun, storedRunOf } from './openRun'

export interface ComparedOptions {
  /** @throws FailureError `not-ready` where none is open */
  readonly openRun: () => OpenRun
  /** Opens any other run, without making it the open one. */
  readonly read: (choice: Exclude<ComparedChoice, { kind: 'open' }>) => Promise<OpenRun>
  readonly namesOf: (run: OpenRun) => Promise<TokenNames | null>
}

/** Manages the second run, which is compared with the open one. */
export interface ComparedRun {
  keep(choice: ComparedChoice | null): Promise<StoredRun | null>
  /** @throws FailureError `not-ready` where there is none */
  at(slot?: RunSlot): OpenRun
}

export function createComparedRun({ openRun, read, namesOf }: ComparedOptions): ComparedRun {
  let compared: OpenRun | null = null
  /** Number of choices so far: the result of an older one is dropped. */
  let choices = 0

  return {
    async keep(choice) {
      const mine = ++choices
      if (choice === null) {
        compared = null
        return null
      }
      const run = choice.kind === 'open' ? openRun() : await read(choice)
      const { status } = run.progress
      if (status === 'running' || status === 'reading') {
        fail('invalid-request', 'A run that goes on cannot be compared with another.', {
          advice: 'Pause it or wait for its end.',
        })
      }
      const tokenNames = run.tokenNames ?? (await namesOf(run))
      if (mine !== choices) fail('cancelled', 'Another run was chosen to compare with.')
      compared = run
      return { ...storedRunOf(run), tokenNames }
    },
    at(slot = 'open') {
      if (slot === 'open') return openRun()
      return compared ?? fail('not-ready', 'No run is compared with the open one.')
    },
  }
}
