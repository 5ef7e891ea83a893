import type { ClosestTokens } from '../../../core/explorer'
import { type Substitution, substitutionsKey } from '../../../core/measures/substitution'
import type { TokenizedText } from '../../../core/text/token'
import type { AppState } from '../../appState'
import { createQuery } from '../../query'
import { idle, type Resource, ready } from '../../resource'
import { idsOf, isOfChange, type LayerReading, type PositionReading, type ReadStates } from '../../results'
import { activeSubstitutions, chosenPosition } from '../../side/activeSubstitutions'
import { OWN, type Side, withSide } from '../../side/side'
import { currentTokens } from '../../side/sideTokens'
import { activeChange } from '../comparisonSelectors'
import type { Step } from './exploreComparison'
import { answering, type ExploreContext, optionsOf } from './exploreContext'

/** Number of closest tokens shown at the chosen position, and under the pointer in the ripple map. */
const READING = 5
const COLUMN = 3

/** Holds a change whose hidden states can be read. */
export interface Readable {
  readonly tokenized: TokenizedText
  readonly active: readonly Substitution[]
  /** Number of layers, L + 1. */
  readonly layers: number
}

/** Returns the present change once it is measured, so that its hidden states can be read. */
export function readable(state: AppState, side = OWN): Readable | null {
  const tokenized = currentTokens(state, side)
  const active = activeSubstitutions(state, side)
  const change = state.sides[side].measurement.status === 'ready' ? activeChange(state, side) : null
  return tokenized && active && change && { tokenized, active, layers: change.measurement.layers }
}

/** Requests the tokens closest to hidden states: at the chosen position, in a column of the map, in the last layer. */
export function createReadingsStep(context: ExploreContext, onSettled: () => void): Step {
  const { store, side } = context
  const read = () => store.getState().sides[side]
  const write = (changes: Partial<Side>) => store.setState((state) => withSide(state, side, changes))
  let columnShown: Resource<PositionReading> = idle()
  let columnsBy = -1
  const reading = createQuery<PositionReading>(
    () => read().reading,
    (resource) => write({ reading: resource }),
    onSettled,
  )
  const lastLayer = createQuery<LayerReading>(
    () => read().lastLayer,
    (resource) => write({ lastLayer: resource }),
    onSettled,
  )
  const column = createQuery<PositionReading>(
    () => columnShown,
    (resource) => {
      columnShown = resource
      const { value, status } = resource
      if (status !== 'ready' || !value) return
      const { tokenized, substitutions, position } = value
      const known = read().columnReadings
      const same = known && isOfChange(known, tokenized, substitutions)
      const byPosition = new Map(same ? known.byPosition : []).set(position, value)
      write({ columnReadings: { tokenized, substitutions, byPosition } })
    },
    onSettled,
  )

  const ask = async (
    { tokenized, active }: Readable,
    where: { readonly layers: readonly number[]; readonly positions: readonly number[]; readonly k: number },
    lane: string,
  ): Promise<LayerReading> => {
    const explorer = answering(context)
    const change = { tokenized, substitutions: active }
    const closest = (
      substitutions: readonly Substitution[],
      suffix: string,
    ): Promise<readonly ClosestTokens[]> =>
      explorer.closestTokens(
        { inputIds: idsOf(tokenized), substitutions, ...where },
        optionsOf(context, `${lane}-${suffix}`),
      )
    if (active.length === 0) {
      const original = await closest([], 'original')
      return { ...change, original, perturbed: original }
    }
    const [original, perturbed] = await Promise.all([closest([], 'original'), closest(active, 'perturbed')])
    return { ...change, original, perturbed }
  }

  const readColumnsAgain = ({ tokenized, active }: Readable) => {
    const known = read().columnReadings
    if (columnsBy === context.generation && known && isOfChange(known, tokenized, active)) return
    columnsBy = context.generation
    columnShown = idle()
    if (known) write({ columnReadings: null })
  }

  return {
    get pending() {
      return reading.pending || lastLayer.pending || column.pending
    },
    update: () => {
      const state = store.getState()
      const { wanted, tokenized: text } = read()
      const position = wanted.reading ? chosenPosition(state, side) : null
      const isChosen = wanted.reading && state.session.position !== null
      if (!isChosen || text.status === 'idle') reading.show(idle())
      if (!wanted.lastLayer || text.status === 'idle') lastLayer.show(idle())

      const found = readable(state, side)
      if (!found) return
      const { tokenized, active, layers } = found
      const ids = idsOf(tokenized)
      const allLayers = Array.from({ length: layers }, (_, layer) => layer)
      const sequence = ids.join(',')
      const change = `${sequence}|${substitutionsKey(active)}`

      if (position !== null) {
        reading.ask({
          key: `${change}|${position}`,
          generation: context.generation,
          ask: async () => ({
            ...(await ask(found, { layers: allLayers, positions: [position], k: READING }, 'reading')),
            position,
          }),
        })
      }
      if (wanted.lastLayer) {
        lastLayer.ask({
          key: change,
          generation: context.generation,
          ask: () =>
            ask(found, { layers: [layers - 1], positions: ids.map((_, at) => at), k: 1 }, 'last-layer'),
        })
      }

      readColumnsAgain(found)
      const at = wanted.column
      if (at === null || at >= ids.length) return
      const known: ReadStates | undefined = read().columnReadings?.byPosition.get(at)
      if (known) {
        columnShown = ready({ ...known, tokenized, substitutions: active, position: at })
        return
      }
      column.ask({
        key: `${change}|${at}`,
        generation: context.generation,
        ask: async () => ({
          ...(await ask(found, { layers: allLayers, positions: [at], k: COLUMN }, 'column')),
          position: at,
        }),
      })
    },
    retry: () => {
      for (const query of [reading, lastLayer, column]) query.retry()
    },
    stop: () => {
      for (const query of [reading, lastLayer, column]) query.stop()
    },
  }
}

/** Returns the closest tokens at the chosen position, for exactly the present substitutions; null while not known. */
export function activeReading(state: AppState, side = OWN): PositionReading | null {
  const { value } = state.sides[side].reading
  if (value?.position !== chosenPosition(state, side)) return null
  const present = value && isOfChange(value, currentTokens(state, side), activeSubstitutions(state, side))
  return present ? value : null
}

/** Returns the last layer for exactly the present substitutions, read as a sequence; null while it is not known. */
export function activeLastLayer(state: AppState, side = OWN): LayerReading | null {
  const { value } = state.sides[side].lastLayer
  const present = value && isOfChange(value, currentTokens(state, side), activeSubstitutions(state, side))
  return present ? value : null
}
