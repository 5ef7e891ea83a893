import type { Correlation, FrequencyFigure } from '../../core/corpus/figures/figures'
import { NORM_NAMES } from '../../core/measures/norm'
import { formatDecimals, NO_NUMBER } from '../formatNumber'

/** Returns `0.94`, or `–` if it is undefined. Two decimals hide the difference between 0.997 and 1, three do not. */
export function coefficientText({ coefficient }: Correlation): string {
  return Number.isFinite(coefficient)
    ? formatDecimals(coefficient, Math.abs(coefficient) > 0.99 ? 3 : 2)
    : NO_NUMBER
}

/** Returns `Pearson r 0.42 · Spearman ρ 0.51`. */
export function correlationText(pearson: Correlation, spearman: Correlation): string {
  return `Pearson r ${coefficientText(pearson)} · Spearman ρ ${coefficientText(spearman)}`
}

/** Says how far the count profiles agree, one sentence for each pair of norms (fig. 1). */
export function agreementText({ agreement }: FrequencyFigure): string[] {
  return agreement.map(
    ({ norms, pearson, spearman }) =>
      `${norms.map((norm) => NORM_NAMES[norm]).join(' and ')}: Pearson r ${coefficientText(pearson)}, Spearman ρ ${coefficientText(spearman)}`,
  )
}
