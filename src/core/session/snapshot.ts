import type { ClosestToken, Explorer, ModelInfo } from '../explorer'
import { fail } from '../failure'
import type { Measurement } from '../measures/measurement'
import { type Neighbor, type NeighborFilters, NO_FILTERS } from '../measures/neighbor'
import { ZERO_SHIFT } from '../measures/shift'
import { type Substitution, substitutionsKey } from '../measures/substitution'
import { proxy } from '../rpc'
import { inputIdsOf, type TokenizedText } from '../text/token'
import { unpackAmounts, unpackDifferences, unpackFloats } from './snapshotArrays'
import type { Snapshot } from './snapshotSchema'

export { buildSnapshot } from './snapshotBuilder'
export { parseSnapshot, type Snapshot } from './snapshotSchema'

function notShipped(): never {
  return fail('not-ready', 'This is not among the ready-made results.', {
    advice: 'It comes as soon as the model is open.',
  })
}

const unflatten = (flat: readonly number[]): Substitution[] =>
  Array.from({ length: flat.length / 2 }, (_, i) => ({ position: flat[2 * i], tokenId: flat[2 * i + 1] }))

const isUnfiltered = (filters: NeighborFilters) =>
  !filters.special && !filters.unused && !filters.otherKind && !filters.variants

const sameIds = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((id, i) => id === b[i])

function tokenizedOf({ text, tokens }: Snapshot): TokenizedText {
  return {
    text,
    tokens: tokens.map(([id, token, special, start, end]) => ({ id, text: token, special, start, end })),
    truncatedAt: null,
    totalTokens: tokens.length,
    totalIsAtLeast: false,
  }
}

/** Returns measurements by key, each unpacked when it is first asked for. */
function measurementsOf(snapshot: Snapshot): (substitutions: readonly Substitution[]) => Measurement {
  const { model, tokens, originalLogits } = snapshot
  const originalNorms = unpackFloats(snapshot.originalNorms)
  const packed = new Map(
    snapshot.measurements.map((measurement) => [
      substitutionsKey(unflatten(measurement.substitutions)),
      measurement,
    ]),
  )
  const common = {
    layers: model.layers + 1,
    positions: tokens.length,
    originalNorms,
    provenance: model.provenance,
  }
  const logits = (after: readonly number[]) =>
    originalLogits.length > 0 ? { before: originalLogits, after } : null
  return (substitutions) => {
    if (substitutions.length === 0) {
      return {
        ...common,
        substitutions,
        distances: new Float32Array(originalNorms.length),
        perturbedNorms: originalNorms,
        shift: ZERO_SHIFT,
        logits: logits(originalLogits),
      }
    }
    const found = packed.get(substitutionsKey(substitutions))
    if (!found) return notShipped()
    const changes = unpackDifferences(found.normChanges)
    return {
      ...common,
      substitutions,
      distances: unpackAmounts(found.distances),
      perturbedNorms: originalNorms.map((norm, i) => norm + changes[i]),
      shift: found.shift,
      logits: logits(found.logits),
    }
  }
}

type Place = { readonly layer: number; readonly position: number }

/** Returns the closest tokens at a layer and position, from the longest list that any reading holds. */
function readingsOf(
  snapshot: Snapshot,
): (substitutions: readonly Substitution[], place: Place) => readonly ClosestToken[] {
  const byChange = new Map<string, Snapshot['readings']>()
  for (const reading of snapshot.readings) {
    const key = substitutionsKey(unflatten(reading.substitutions))
    byChange.set(
      key,
      [...(byChange.get(key) ?? []), reading].sort((a, b) => b.k - a.k),
    )
  }
  return (substitutions, { layer, position }) => {
    const readings = byChange.get(substitutionsKey(substitutions)) ?? []
    const reading = readings.find(({ positions }) => positions.includes(position))
    if (!reading || layer > snapshot.model.layers) return notShipped()
    const { positions, k, tokenIds, cosines } = reading
    const start = (layer * positions.length + positions.indexOf(position)) * k
    return Array.from({ length: k }, (_, i) => ({
      tokenId: tokenIds[start + i],
      token: snapshot.names[tokenIds[start + i]] ?? '',
      cosine: cosines[start + i],
    }))
  }
}

/**
 * Returns an Explorer that answers from shipped results, and rejects other questions with kind `not-ready`. Lists of
 * neighbours and closest tokens may be shorter than was asked.
 */
export function snapshotExplorer(snapshot: Snapshot): Explorer {
  const tokenized = tokenizedOf(snapshot)
  const inputIds = inputIdsOf(tokenized)
  const measure = measurementsOf(snapshot)
  const read = readingsOf(snapshot)
  const info: ModelInfo = snapshot.model
  const expand = ([
    tokenId,
    cosine,
    l1,
    l2,
    linf,
    raw1,
    raw2,
    rawInf,
  ]: Snapshot['chosenNeighbors'][number]): Neighbor => ({
    tokenId,
    token: snapshot.names[tokenId] ?? '',
    cosine,
    shift: { l1, l2, linf },
    rawShift: { l1: raw1, l2: raw2, linf: rawInf },
  })
  const listAt = (position: number, k: number) => {
    const list = snapshot.neighbors[position] ?? notShipped()
    return k > list.length && position === snapshot.position ? snapshot.chosenNeighbors : list
  }

  return proxy<Explorer>(async () => notShipped(), {
    load: async () => info,
    tokenize: async (text) => (text === tokenized.text ? tokenized : notShipped()),
    neighbors: async ({ inputIds: ids, positions, k, filters = NO_FILTERS, also = [] }) => {
      if (!sameIds(ids, inputIds) || !isUnfiltered(filters)) notShipped()
      return positions.map((position) => {
        const list = listAt(position, k).slice(0, k).map(expand)
        const isListed = (id: number) => list.some(({ tokenId }) => tokenId === id)
        if (!also.every(isListed)) notShipped()
        return [...list, ...also.flatMap((id) => list.find(({ tokenId }) => tokenId === id) ?? [])]
      })
    },
    measure: async ({ inputIds: ids, substitutions }) =>
      sameIds(ids, inputIds) ? measure(substitutions) : notShipped(),
    closestTokens: async ({ inputIds: ids, substitutions, layers, positions, k }) => {
      if (!sameIds(ids, inputIds)) notShipped()
      return layers.flatMap((layer) =>
        positions.map((position) => ({
          layer,
          position,
          tokens: read(substitutions, { layer, position }).slice(0, k),
        })),
      )
    },
    dispose: async () => {},
  })
}
