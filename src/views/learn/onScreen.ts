import { formatNumber, formatSigned } from '../../charts/formatNumber'
import { NORM_NAMES } from '../../core/measures/norm'
import {
  activeDistances,
  activeReading,
  activeSubstitutions,
  currentTokens,
  leastImpactful,
  neighborRows,
  substitutionsLabel,
  tokenShifts,
  wordOf,
} from '../../state/selectors'
import type { AppStoreState } from '../../state/store'

const list = (words: readonly string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

/** Returns `is (3 times)`, in the order of the first occurrences. */
function countedWords(words: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return Array.from(counts, ([word, count]) => (count === 1 ? word : `${word} (${count} times)`))
}

const layerName = (layer: number) => (layer === 0 ? 'the embedding layer' : `layer ${layer}`)

/** Describes the five smallest shifts of the open review. */
export function smallestOnScreen(state: AppStoreState): string | null {
  const tokens = currentTokens(state)?.tokens
  const shifts = tokenShifts(state)
  const positions = leastImpactful(state)
  if (!tokens || !shifts?.domain || positions.length === 0) return null
  const values = positions.map((position) => shifts.tokens[position]?.shift ?? Number.NaN)
  const words = list(countedWords(positions.map((position) => wordOf(tokens[position].text))))
  const [, largest] = shifts.domain
  return `The smallest shifts of the review on screen are those of ${words}: ${NORM_NAMES[state.session.norm]} ${formatNumber(values[0])} to ${formatNumber(values[values.length - 1])}, where the largest is ${formatNumber(largest)}.`
}

/** Describes the course of D_l of the present change. */
export function courseOnScreen(state: AppStoreState): string | null {
  const distances = activeDistances(state)
  const substitutions = activeSubstitutions(state)
  const first = distances?.[0]
  const last = distances?.at(-1)
  if (!distances || !first || !last || distances.length < 3 || !substitutions?.length) return null
  const peak = distances.reduce((a, b) => (b.distance > a.distance ? b : a))
  const rises = distances.slice(1, -1).filter(({ distance }, i) => distance > distances[i].distance).length
  const change = substitutionsLabel(state, currentTokens(state), substitutions)
  const end = peak === last ? '' : ` and ${formatNumber(last.distance)} at the last`
  return `On screen, ${change}: the distance goes from ${formatNumber(first.distance)} at ${layerName(0)} to ${formatNumber(peak.distance)} at ${layerName(peak.layer)}${end}; ${rises} of ${distances.length - 2} steps before the last rise.`
}

/** Describes the layers in which the chosen token still reads as itself. */
export function readingOnScreen(state: AppStoreState): string | null {
  const reading = activeReading(state)
  if (!reading?.original.length) return null
  const { original } = reading
  const token = reading.tokenized.tokens[reading.position]
  const own = original.filter(({ tokens }) => tokens[0]?.tokenId === token.id)
  const lost = original.find(({ tokens }) => tokens[0]?.tokenId !== token.id)
  const word = wordOf(token.text)
  if (!lost) return `On screen, ${word} reads as itself in all ${original.length} layers.`
  const as = lost.tokens[0] ? `, first as ${wordOf(lost.tokens[0].token)} at ${layerName(lost.layer)}` : ''
  return `On screen, ${word} reads as itself in ${own.length} of ${original.length} layers${as}.`
}

/** Describes shift and effect of the measured substitutes. */
export function effectOnScreen(state: AppStoreState): string | null {
  const { norm } = state.session
  const rows = neighborRows(state)
    .flatMap((row) => (row.difference === null ? [] : [{ ...row, difference: row.difference }]))
    .sort((a, b) => a.shift[norm] - b.shift[norm])
  if (rows.length < 3) return null
  const smallest = rows[0]
  const byEffect = [...rows].sort((a, b) => Math.abs(a.difference) - Math.abs(b.difference))
  const place = byEffect.indexOf(smallest) + 1
  const strongest = byEffect[byEffect.length - 1]
  const effect = place === 1 ? 'the smallest effect, too' : `only the ${ordinal(place)} smallest effect`
  return `On screen, of ${rows.length} measured substitutes ${wordOf(smallest.token)} has the smallest shift (${NORM_NAMES[norm]} ${formatNumber(smallest.shift[norm])}) and moves the probability by ${formatSigned(smallest.difference)}, ${effect}; ${wordOf(strongest.token)} moves it most (${formatSigned(strongest.difference)}).`
}

const ORDINALS = new Intl.PluralRules('en', { type: 'ordinal' })
const SUFFIXES: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> = { one: 'st', two: 'nd', few: 'rd' }

const ordinal = (n: number) => `${n}${SUFFIXES[ORDINALS.select(n)] ?? 'th'}`
