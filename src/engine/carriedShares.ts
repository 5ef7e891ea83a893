import type { CarriedShares, CorpusEngine } from '../core/corpus/corpusEngine'
import { effectShare, isWithinRounding } from '../core/measures/patching'
import { partPositions } from '../core/measures/patchSweep'
import type { StatePatch } from '../core/measures/statePatch'
import type { OpenedModel } from './openedModel'
import { type BothRuns, runPatches } from './statePatching'

/** Holds both runs of the change that was asked for last: its layers are asked for one after the other. */
interface KeptRuns {
  readonly key: string
  readonly both: BothRuns
}

/** Says at which positions the states of a layer differ between both runs. */
function movedIn({ states }: BothRuns, layer: number, positions: number): (position: number) => boolean {
  const [original, changed] = [states.original[layer], states.changed[layer]]
  const width = original.length / positions
  return (position) => {
    for (let i = position * width; i < (position + 1) * width; i++)
      if (original[i] !== changed[i]) return true
    return false
  }
}

/** Creates the answer to how much of an effect parts of a layer carry, with one model (`CorpusEngine.carriedShares`). */
export function createCarriedShares(model: OpenedModel): CorpusEngine['carriedShares'] {
  const { info, parts: modelParts, vocabulary } = model
  const patched = { parts: modelParts, kind: info.details?.prediction ?? ('softmax' as const), vocabulary }
  const isCausal = info.details?.causal === true
  let kept: KeptRuns | null = null

  async function bothRuns(inputIds: readonly number[], changedIds: readonly number[], place: number | null) {
    const key = `${inputIds.join()}|${changedIds.join()}`
    if (kept?.key === key) return kept.both
    const substitutions = changedIds.flatMap((tokenId, position) =>
      inputIds[position] === tokenId ? [] : [{ position, tokenId }],
    )
    const both = await model.bothRuns(inputIds, substitutions, place)
    kept = { key, both }
    return both
  }

  return async ({ inputIds, changedIds, direction, layer, parts }): Promise<CarriedShares> => {
    const positions = inputIds.length
    const place = modelParts.head === 'causal-lm' ? positions - 1 : null
    const both = await bothRuns(inputIds, changedIds, place)
    const outcome = await runPatches(patched, both, { direction, patches: [], place })
    const effect = outcome.after - outcome.before
    if (isWithinRounding(outcome)) return { effect, shares: null }
    const own = [...inputIds.keys()].filter((position) => inputIds[position] !== changedIds[position])
    const shape = { positions, own, read: isCausal ? positions - 1 : 0 }
    const moved = movedIn(both, layer, positions)
    // Parts with the same states that moved are one run.
    const patches = new Map<string, StatePatch>()
    const keys = parts.map((part) => {
      const at = partPositions(shape, part).filter(moved)
      if (at.length > 0) patches.set(at.join(), { layers: [layer], positions: at })
      return at.join()
    })
    const { runs } = await runPatches(patched, both, { direction, patches: [...patches.values()], place })
    const values = new Map([...patches.keys()].map((key, i) => [key, runs[i].value]))
    return {
      effect,
      shares: keys.map((key) => {
        const value = values.get(key)
        return value === undefined ? 0 : effectShare(outcome, value)
      }),
    }
  }
}
