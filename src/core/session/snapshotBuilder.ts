import type { ClosestTokens, Explorer, ModelInfo } from '../explorer'
import { fail } from '../failure'
import type { Measurement } from '../measures/measurement'
import { type Neighbor, NO_FILTERS } from '../measures/neighbor'
import type { Substitution } from '../measures/substitution'
import { inputIdsOf } from '../text/token'
import { packAmounts, packDifferences, packFloats } from './snapshotArrays'
import type { Snapshot } from './snapshotSchema'

const LISTED = 10
const CHOSEN = 50
/** Number of neighbours of the default position that the table shows measured. */
const MEASURED = 8
/** Number of closest tokens at the default position, at the other ones, and elsewhere in the ripple map. */
const READING = 5
const OTHER_READING = 3
const MAP_READING = 1

/** Rounds to six digits: far more than are shown, and nearly as many as float32 holds of a cosine. */
const round = (value: number) => Number(value.toPrecision(6))
/** Rounds the cosines of readings, which are shown with three digits. */
const roundReading = (value: number) => Number(value.toFixed(4))

const flatten = (substitutions: readonly Substitution[]) =>
  substitutions.flatMap(({ position, tokenId }) => [position, tokenId])

const compactNeighbor = ({
  tokenId,
  cosine,
  shift,
  rawShift,
}: Neighbor): Snapshot['chosenNeighbors'][number] => [
  tokenId,
  round(cosine),
  round(shift.l1),
  round(shift.l2),
  round(shift.linf),
  round(rawShift.l1),
  round(rawShift.l2),
  round(rawShift.linf),
]

const compactMeasurement = (measurement: Measurement): Snapshot['measurements'][number] => {
  const { substitutions, distances, originalNorms, perturbedNorms, shift, logits } = measurement
  return {
    substitutions: flatten(substitutions),
    distances: packAmounts(distances),
    normChanges: packDifferences(perturbedNorms.map((norm, i) => norm - originalNorms[i])),
    shift: { ...shift },
    logits: [...(logits?.after ?? [])],
  }
}

/**
 * Builds everything that the page shows of an example before the model is open: neighbours of every token, the top
 * substitute of each measured and read, and for the default token the whole table.
 *
 * @param explorer an open model
 * @param info what `load` gave
 */
export async function buildSnapshot(
  explorer: Pick<Explorer, 'tokenize' | 'neighbors' | 'measure' | 'closestTokens'>,
  info: ModelInfo,
  example: { readonly slug: string; readonly text: string; readonly position: number },
): Promise<Snapshot> {
  const { slug, text, position } = example
  const { tokens } = await explorer.tokenize(text)
  const inputIds = inputIdsOf({ text, tokens, truncatedAt: null, totalTokens: 0, totalIsAtLeast: false })
  const candidates = tokens.flatMap(({ special }, at) => (special ? [] : [at]))
  if (!candidates.includes(position)) {
    fail('invalid-request', `The example ${slug} has no token to explore at position ${position}.`)
  }
  const allPositions = tokens.map((_, at) => at)
  const layers = Array.from({ length: info.layers + 1 }, (_, layer) => layer)
  const names: Record<string, string> = {}

  const request = { inputIds, filters: NO_FILTERS }
  const lists = await explorer.neighbors({ ...request, positions: candidates, k: LISTED })
  const [chosen] = await explorer.neighbors({ ...request, positions: [position], k: CHOSEN })
  for (const neighbor of [...lists.flat(), ...chosen]) names[neighbor.tokenId] = neighbor.token

  const tops = candidates.map((at, i): Substitution => ({ position: at, tokenId: lists[i][0].tokenId }))
  const listed = chosen.slice(1, MEASURED).map(({ tokenId }): Substitution => ({ position, tokenId }))
  const unmeasured = await explorer.measure({ inputIds, substitutions: [] })
  const measurements: Snapshot['measurements'] = []
  for (const substitution of [...tops, ...listed]) {
    const measurement = await explorer.measure({ inputIds, substitutions: [substitution] })
    measurements.push(compactMeasurement(measurement))
  }

  const read = async (
    substitutions: readonly Substitution[],
    positions: readonly number[],
    k: number,
  ): Promise<Snapshot['readings'][number]> => {
    const found = await explorer.closestTokens({ inputIds, substitutions, layers, positions, k })
    const byPlace = new Map(found.map((closest): [string, ClosestTokens] => [placeOf(closest), closest]))
    const flat = layers.flatMap((layer) =>
      positions.flatMap((at) => byPlace.get(placeOf({ layer, position: at }))?.tokens.slice(0, k) ?? []),
    )
    for (const { tokenId, token } of flat) names[tokenId] = token
    return {
      substitutions: flatten(substitutions),
      positions: [...positions],
      k,
      tokenIds: flat.map(({ tokenId }) => tokenId),
      cosines: flat.map(({ cosine }) => roundReading(cosine)),
    }
  }
  const readings = [await read([], [position], READING), await read([], allPositions, OTHER_READING)]
  for (const top of tops) {
    readings.push(await read([top], [top.position], top.position === position ? READING : OTHER_READING))
    if (top.position === position) readings.push(await read([top], allPositions, MAP_READING))
  }
  for (const substitution of listed) readings.push(await read([substitution], [position], READING))

  const neighbors: Snapshot['neighbors'] = tokens.map(() => [])
  candidates.forEach((at, i) => {
    neighbors[at] = lists[i].map(compactNeighbor)
  })
  return {
    format: 'ripplescope-snapshot',
    version: 1,
    slug,
    model: {
      ...info,
      labels: [...info.labels],
      provenance: { ...unmeasured.provenance, shipped: true },
    },
    text,
    position,
    tokens: tokens.map(({ id, text: token, special, start, end }) => [id, token, special, start, end]),
    names,
    neighbors,
    chosenNeighbors: chosen.map(compactNeighbor),
    originalNorms: packFloats(unmeasured.originalNorms),
    originalLogits: [...(unmeasured.logits?.before ?? [])],
    measurements,
    readings,
  }
}

const placeOf = ({ layer, position }: { readonly layer: number; readonly position: number }) =>
  `${layer}:${position}`
