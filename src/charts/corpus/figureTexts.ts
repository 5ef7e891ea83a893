import {
  type Claim,
  commonnessClaims,
  effectUnit,
  frequencyClaims,
  identifiabilityClaims,
  isSign,
  propagationClaims,
} from '../../core/corpus/figures/claims'
import type { EffectFigure, Figures, FrequencyFigure } from '../../core/corpus/figures/figures'
import type { FigureName } from '../../core/corpus/figures/figureTables'
import { NORM_NAMES } from '../../core/measures/norm'
import { agreementText, correlationText } from './correlationText'
import {
  causalFinding,
  commonnessFinding,
  effectFinding,
  type Finding,
  frequencyFinding,
  identifiabilityFinding,
  learnedFinding,
  pairsFinding,
  perturbationsFinding,
  propagationFinding,
  proxiesFinding,
} from './findings'

/** Holds the words of a figure, which the page and the report share. */
export interface FigureText<F> {
  /** Name of its files: `least-impactful`. */
  readonly file: string
  readonly title: string
  /** Says what is drawn. */
  readonly describe: (figure: F | null) => string
  readonly finding: (figure: F, nameOf: (tokenId: number) => string) => Finding
  /**
   * Returns the paper's statements about this figure, and whether the run confirms each; absent beyond the paper.
   *
   * @param nameOf null while names are not known
   */
  readonly claims?: (figure: F, nameOf: ((tokenId: number) => string) | null) => readonly Claim[]
  /** Sentences next to the drawing; absent if there are none. */
  readonly notes?: (figure: F) => readonly string[]
}

/** Texts of the figures, in the order of a report: the paper's figures, then those beyond the paper. */
export const FIGURE_TEXTS: {
  readonly [K in FigureName]: FigureText<NonNullable<Figures[K]>>
} = {
  frequency: {
    file: 'least-impactful',
    title: 'Least-impactful tokens',
    describe: () => 'How often each token is among the least impactful of its review, fig. 1',
    finding: frequencyFinding,
    claims: (figure, nameOf) => frequencyClaims(figure, nameOf && ((tokenId) => isSign(nameOf(tokenId)))),
    notes: (figure: FrequencyFigure) => agreementText(figure),
  },
  commonness: {
    file: 'commonness',
    title: 'Shift against commonness',
    describe: (figure) =>
      `Embedding shift${figure ? ` (${NORM_NAMES[figure.norm]})` : ''} against commonness, fig. 2`,
    finding: commonnessFinding,
    claims: commonnessClaims,
  },
  propagation: {
    file: 'propagation',
    title: 'Propagation by rank',
    describe: () =>
      'Distance by layer and rank of the least impactful tokens, l2 over the whole sequence, fig. 3',
    finding: propagationFinding,
    claims: propagationClaims,
  },
  causal: {
    file: 'carried-effect',
    title: 'Where the effect is carried',
    describe: () =>
      'Share of the effect on the answer that the changed position, all others and the position that the head reads carry, by layer',
    finding: causalFinding,
  },
  identifiability: {
    file: 'identifiability',
    title: 'Identifiability',
    describe: () => 'Positions whose hidden state is closest to their own token, by layer',
    finding: identifiabilityFinding,
    claims: identifiabilityClaims,
  },
  learned: {
    file: 'learned-identifiability',
    title: 'Identifiability with a learned map',
    describe: () =>
      'Positions whose hidden state reads as their own token by cosine, by l2 distance and through a learned map, by layer',
    finding: learnedFinding,
  },
  effect: {
    file: 'effect',
    title: 'Effect on the prediction',
    describe: (figure) =>
      `Change of the ${figure && effectUnit(figure) === 'score' ? 'score' : 'predicted probability'} against how far the embedding and the last layer move`,
    finding: effectFinding,
    notes: ({ flips, againstShift, againstLastDistance }: EffectFigure) => [
      effectUnit({ flips }) === 'score'
        ? 'the model gives a score, no probability: no label flips'
        : 'points in the second colour: the label flips',
      `against the shift: ${correlationText(againstShift.pearson, againstShift.spearman)}`,
      `against the last layer: ${correlationText(againstLastDistance.pearson, againstLastDistance.spearman)}`,
    ],
  },
  pairs: {
    file: 'pairs',
    title: 'Two tokens at once',
    describe: () => 'Distance of two changes together against the sum of each, by layer',
    finding: pairsFinding,
  },
  perturbations: {
    file: 'perturbations',
    title: 'Other perturbations',
    describe: () => 'Distance by layer of each perturbation at the same random positions',
    finding: perturbationsFinding,
  },
  proxies: {
    file: 'proxies',
    title: 'Does an early layer tell the effect?',
    describe: () =>
      'Rank correlation of the distance at each layer with the change of the prediction and with the distance at the last layer',
    finding: proxiesFinding,
  },
}
