import type { DeviceReferenceCase } from '../../core/device/deviceReference'
import type { PrioritizedExplorer, RequestOptions } from '../../core/explorer'
import { layerwiseDistances } from '../../core/measures/measurement'
import { NO_FILTERS } from '../../core/measures/neighbor'
import { inputIdsOf } from '../../core/text/token'

/** Texts that are measured of a model for which no reference ships: short, with numerals and accents, and a long one. */
const TEXTS = [
  'A wonderful film with a slow start.',
  'In 1999 it cost $12.50 — “très cher”, she said, and left after 90 minutes.',
  'The first hour is slow and the plot makes little sense, yet the two leads are so good together that I stopped ' +
    'caring about the story and simply watched them talk, argue, cook dinner and fall in love, and when the lights ' +
    'came on again I wanted to see it once more.',
]

/** Number of positions that are changed in each text, and of nearest tokens that are looked up for each. */
const POSITIONS = 3
const NEAREST = 10

/** Holds a text, and where it is going to be changed. */
export interface PlannedCase {
  readonly text: string
  readonly inputIds: number[]
  readonly positions: readonly number[]
}

/** Asks an open model; a queue takes the options into account. */
export type Asked = Pick<PrioritizedExplorer, 'tokenize' | 'neighbors' | 'measure'>

/** Chooses first, last and middle of the tokens that stand for text. */
export async function planCases(explorer: Asked): Promise<PlannedCase[]> {
  const planned: PlannedCase[] = []
  for (const text of TEXTS) {
    const tokenized = await explorer.tokenize(text)
    const open = tokenized.tokens.flatMap(({ special }, position) => (special ? [] : [position]))
    const chosen = Array.from(
      { length: POSITIONS },
      (_, i) => open[Math.round((i * (open.length - 1)) / (POSITIONS - 1))],
    )
    planned.push({ text, inputIds: inputIdsOf(tokenized), positions: [...new Set(chosen)] })
  }
  return planned.filter(({ positions }) => positions[0] !== undefined)
}

/** Counts the steps of measuring planned cases, and of comparing with them. */
export const plannedSteps = (planned: readonly PlannedCase[]) =>
  planned.reduce((sum, { positions }) => sum + 2 * positions.length, 0)

/**
 * Measures a text with the nearest token in the place of each chosen one, for another device to be compared with.
 *
 * @param step counts a request
 */
export async function measureCase(
  explorer: Asked,
  { text, inputIds, positions }: PlannedCase,
  options: RequestOptions,
  step: () => void,
): Promise<DeviceReferenceCase> {
  const measured: DeviceReferenceCase = {
    name: text,
    text,
    inputIds,
    logits: [],
    neighbors: [],
    measurements: [],
  }
  for (const position of positions) {
    const request = { inputIds, positions: [position], k: NEAREST, filters: NO_FILTERS }
    const [found] = await explorer.neighbors(request, options)
    measured.neighbors.push({
      position,
      ids: found.map(({ tokenId }) => tokenId),
      cosines: found.map(({ cosine }) => cosine),
      shifts: found.map(({ shift }) => shift.l2),
    })
    step()
    const substitutions = [{ position, tokenId: found[0].tokenId }]
    const measurement = await explorer.measure({ inputIds, substitutions }, options)
    measured.logits = [...(measurement.logits?.before ?? [])]
    measured.measurements.push({
      substitutions,
      shift: measurement.shift,
      distances: layerwiseDistances(measurement).map(({ distance }) => distance),
      logits: [...(measurement.logits?.after ?? [])],
    })
    step()
  }
  return measured
}
