import type { Actions, AppState } from '../appState'
import { emptySides, NO_ANSWERS, OWN, type Wanted, withSide } from '../side/side'
import { currentTokens } from '../side/sideTokens'
import type { Slice } from '../storeTypes'

export type ResultsSlice = Pick<
  AppState,
  'sides' | 'pinned' | 'measuredAhead' | 'visiblePositions' | 'wanted'
> &
  Pick<
    Actions,
    | 'want'
    | 'readColumn'
    | 'patchCell'
    | 'sweepPatches'
    | 'considerChange'
    | 'setVisiblePositions'
    | 'lookAtPlace'
    | 'readLikelihoods'
    | 'searchFlips'
    | 'measureOcclusion'
  >

const samePositions = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((position, i) => position === b[i])

/** Clears the answers of the session's own model: another one replaces it. */
export function withoutResults(state: AppState): Pick<AppState, 'sides' | 'pinned' | 'measuredAhead'> {
  return { ...withSide(state, OWN, NO_ANSWERS), pinned: [], measuredAhead: 0 }
}

/** Creates empty results, which `connectExplorer` writes; the actions here only record what is wanted. */
export const createResultsSlice: Slice<ResultsSlice> = (set, get) => {
  const want = (side: number, changes: Partial<Wanted>) =>
    set((state) => {
      const { wanted } = state.sides[side]
      const keys = Object.keys(changes) as (keyof Wanted)[]
      if (keys.every((key) => changes[key] === wanted[key])) return {}
      return withSide(state, side, { wanted: { ...wanted, ...changes } })
    })
  return {
    sides: emptySides(),
    pinned: [],
    measuredAhead: 0,
    visiblePositions: [],
    wanted: { change: null, place: null },
    want: (part, wanted, side = OWN) => want(side, { [part]: wanted }),
    readColumn: (column, side = OWN) => want(side, { column }),
    patchCell: (cell, side = OWN) => want(side, { cell }),
    sweepPatches: (sweep, side = OWN) => want(side, { sweep }),
    considerChange: (change) =>
      set(({ wanted }) =>
        wanted.change?.position === change?.position && wanted.change?.tokenId === change?.tokenId
          ? {}
          : { wanted: { ...wanted, change } },
      ),
    lookAtPlace: (place) =>
      set(({ wanted }) => (wanted.place === place ? {} : { wanted: { ...wanted, place } })),
    readLikelihoods: (key, side = OWN, reader = 'panel') =>
      set((state) => {
        const { wanted } = state.sides[side]
        const { [reader]: former, ...others } = wanted.likelihoods
        if ((former ?? null) === key) return {}
        const likelihoods = key === null ? others : { ...others, [reader]: key }
        return withSide(state, side, { wanted: { ...wanted, likelihoods } })
      }),
    measureOcclusion: (wanted, side = OWN) => {
      const tokenized = wanted ? currentTokens(get(), side) : null
      want(side, { occlusion: tokenized && { ...tokenized } })
    },
    searchFlips: (settings, side = OWN) => want(side, { flips: settings && { ...settings } }),
    setVisiblePositions: (positions) =>
      set(({ visiblePositions }) =>
        samePositions(visiblePositions, positions) ? {} : { visiblePositions: positions },
      ),
  }
}
