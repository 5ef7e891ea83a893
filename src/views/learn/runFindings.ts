import { FIGURE_TEXTS } from '../../charts/corpus/figureTexts'
import {
  commonnessFinding,
  effectFinding,
  type Finding,
  frequencyFinding,
  identifiabilityFinding,
  pairsFinding,
  perturbationsFinding,
  propagationFinding,
  proxiesFinding,
} from '../../charts/corpus/findings'
import type { Claim } from '../../core/corpus/figures/claims'
import type { Figures } from '../../core/corpus/figures/figures'
import type { FigureName } from '../../core/corpus/figures/figureTables'
import type { ChapterName } from '../../state/learn/learnExamples'

/** Holds the findings of a chapter with a run's numbers. */
export interface ChapterFindings {
  readonly findings: readonly Finding[]
  /** Statements of the paper, and whether the run confirms each. */
  readonly claims: readonly Claim[]
}

function claimsOf<K extends FigureName>(
  name: K,
  figure: Figures[K] | null,
  nameOf: ((tokenId: number) => string) | null,
): readonly Claim[] {
  return (figure && FIGURE_TEXTS[name].claims?.(figure, nameOf)) ?? []
}

/**
 * Returns the findings of a chapter.
 *
 * @param figures null if no run is open
 * @param nameOf names the run's tokens; null while they are not known: tokens without names give no finding
 */
export function chapterFindings(
  chapter: ChapterName,
  figures: Figures | null,
  nameOf: ((tokenId: number) => string) | null,
): ChapterFindings {
  switch (chapter) {
    case 'common': {
      const { frequency = null, commonness = null } = figures ?? {}
      return {
        findings: [frequencyFinding(nameOf && frequency, nameOf ?? String), commonnessFinding(commonness)],
        claims: [...claimsOf('frequency', frequency, nameOf), ...claimsOf('commonness', commonness, nameOf)],
      }
    }
    case 'depth': {
      const { propagation = null } = figures ?? {}
      return {
        findings: [propagationFinding(propagation)],
        claims: claimsOf('propagation', propagation, nameOf),
      }
    }
    case 'identifiability': {
      const { identifiability = null } = figures ?? {}
      return {
        findings: [identifiabilityFinding(identifiability)],
        claims: claimsOf('identifiability', identifiability, nameOf),
      }
    }
    case 'effect':
      return {
        findings: figures
          ? [
              effectFinding(figures.effect),
              perturbationsFinding(figures.perturbations),
              proxiesFinding(figures.proxies),
              pairsFinding(figures.pairs),
            ].filter(({ run }) => run !== null)
          : [],
        claims: [],
      }
  }
}
