import type { CorpusService, RunSlot } from '../core/corpus/corpusService'
import type { Figures } from '../core/corpus/figures'
import { emptyTables } from '../core/corpus/recordBuilder'
import type { TokenNames } from '../core/corpus/run'
import { scatterPoints } from '../core/corpus/scatterPoints'
import { writeRecords } from './files/writeRecords'
import { type OpenRun, runOf } from './openRun'

const NO_FIGURES: Figures = {
  frequency: null,
  commonness: null,
  propagation: null,
  identifiability: null,
  effect: null,
  pairs: null,
  perturbations: null,
}

const NO_COUNTS = { tokenIds: new Uint32Array(), counts: new Uint32Array() }

export interface RunQuestionsOptions {
  /** @throws FailureError `not-ready` where there is none */
  readonly at: (slot?: RunSlot) => OpenRun
  /** Whether that run is still being read, so that there is nothing of it. */
  readonly isRead: (slot?: RunSlot) => boolean
  readonly namesOf: (run: OpenRun) => Promise<TokenNames | null>
}

type RunQuestions = Pick<CorpusService, 'counts' | 'figures' | 'scatter' | 'contexts' | 'text' | 'download'>

/** What is asked of the run that is open, and of the one beside it. */
export function createRunQuestions({ at, isRead, namesOf }: RunQuestionsOptions): RunQuestions {
  return {
    counts: async () => (isRead() ? NO_COUNTS : at().counts),
    figures: async ({ norm, run }) => (isRead(run) ? NO_FIGURES : at(run).figures(norm)),
    async scatter({ run, ...wanted }) {
      if (isRead(run)) return scatterPoints(emptyTables(0), NO_COUNTS, wanted)
      const { counts, tables } = at(run)
      return scatterPoints(tables(), counts, wanted)
    },
    async contexts(rows, { table = 'occurrences', run } = {}) {
      const { contexts, tables } = at(run)
      return contexts(tables()[table], rows)
    },
    text: async (sequence, run) => at(run).text(sequence),
    async download(format) {
      const run = at()
      return writeRecords(runOf(run), format, run.tokenNames ?? (await namesOf(run)))
    },
  }
}
