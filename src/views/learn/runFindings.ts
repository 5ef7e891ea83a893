import type {
  CommonnessFigure,
  Figures,
  FrequencyFigure,
  IdentifiabilityFigure,
  PropagationFigure,
} from '../../core/corpus/figures'
import {
  type Claim,
  commonnessClaims,
  frequencyClaims,
  identifiabilityClaims,
  propagationClaims,
} from '../../core/learnClaims'
import type { ChapterName } from '../../state/learn/learnExamples'
import {
  commonnessFinding,
  effectFinding,
  type Finding,
  frequencyFinding,
  identifiabilityFinding,
  pairsFinding,
  perturbationsFinding,
  propagationFinding,
} from '../corpus/figureSentences'

/** What a chapter says with a run's numbers. */
export interface ChapterFindings {
  readonly findings: readonly Finding[]
  /** What of the paper's statements the run confirms, and what not. */
  readonly claims: readonly Claim[]
}

/** Of figures that hold nothing only the paper's own sentence is told. */
const NO_FREQUENCY: FrequencyFigure = { sequences: 0, tokens: [], agreement: [], topShare: Number.NaN }
const NO_COMMONNESS: CommonnessFigure = {
  norm: 'l2',
  bins: [],
  regression: {
    slope: Number.NaN,
    intercept: Number.NaN,
    r: Number.NaN,
    p: Number.NaN,
    n: 0,
    band: [],
  },
  points: { commonness: new Float32Array(), shift: new Float32Array(), tokenIds: new Uint32Array() },
}
const NO_PROPAGATION: PropagationFigure = { ranks: [], all: [] }
const NO_IDENTIFIABILITY: IdentifiabilityFigure = { layers: [] }

const isSign = (token: string) => !/\p{L}/u.test(token.replace(/^\[.*\]$/, 'x'))

/**
 * @param figures null: no run is open
 * @param vocabulary null while the model is not open: of tokens without names nothing can be said
 */
export function chapterFindings(
  chapter: ChapterName,
  figures: Figures | null,
  vocabulary: readonly string[] | null,
): ChapterFindings {
  const nameOf = (tokenId: number) => vocabulary?.[tokenId] ?? `#${tokenId}`
  switch (chapter) {
    case 'common': {
      const frequency = figures?.frequency ?? NO_FREQUENCY
      const commonness = figures?.commonness ?? NO_COMMONNESS
      return {
        findings: [
          frequencyFinding(vocabulary ? frequency : NO_FREQUENCY, nameOf),
          commonnessFinding(commonness),
        ],
        claims: [
          ...frequencyClaims(frequency, vocabulary && ((tokenId) => isSign(nameOf(tokenId)))),
          ...commonnessClaims(commonness),
        ],
      }
    }
    case 'depth': {
      const propagation = figures?.propagation ?? NO_PROPAGATION
      return { findings: [propagationFinding(propagation)], claims: propagationClaims(propagation) }
    }
    case 'identifiability': {
      const identifiability = figures?.identifiability ?? NO_IDENTIFIABILITY
      return {
        findings: [identifiabilityFinding(identifiability)],
        claims: identifiabilityClaims(identifiability),
      }
    }
    case 'effect':
      return {
        findings: [
          ...(figures?.effect ? [effectFinding(figures.effect)] : []),
          ...(figures?.perturbations ? [perturbationsFinding(figures.perturbations)] : []),
          ...(figures?.pairs ? [pairsFinding(figures.pairs)] : []),
        ],
        claims: [],
      }
  }
}
