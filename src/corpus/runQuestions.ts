import type { CorpusService, RunSlot } from '../core/corpus/corpusService'
import type { Figures } from '../core/corpus/figures/figures'
import { scatterPoints } from '../core/corpus/figures/scatterPoints'
import { emptyTables } from '../core/corpus/records/recordBuilder'
import type { TokenNames } from '../core/corpus/run'
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
  proxies: null,
  learned: null,
  causal: null,
}

const NO_COUNTS = { tokenIds: new Uint32Array(), counts: new Uint32Array() }

export interface RunQuestionsOptions {
  /** @throws FailureError `not-ready` where there is none */
  readonly at: (slot?: RunSlot) => OpenRun
  /** Says whether that run's texts are still being read, so that it has no records. */
  readonly isRead: (slot?: RunSlot) => boolean
  readonly namesOf: (run: OpenRun) => Promise<TokenNames | null>
}

type RunQuestions = Pick<CorpusService, 'counts' | 'figures' | 'scatter' | 'contexts' | 'text' | 'download'>

/** Answers questions about the open run and the second one. */
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
