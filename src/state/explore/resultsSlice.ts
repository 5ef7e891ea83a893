import type { Actions, AppState } from '../appState'
import { idle } from '../resource'
import type { Slice } from '../storeTypes'

export type ResultsSlice = Pick<
  AppState,
  | 'tokenized'
  | 'neighbors'
  | 'chosenNeighbors'
  | 'measurement'
  | 'neighborMeasurements'
  | 'reading'
  | 'columnReadings'
  | 'lastLayer'
  | 'prediction'
  | 'likelihoods'
  | 'pinned'
  | 'measuredAhead'
  | 'visiblePositions'
  | 'wanted'
> &
  Pick<
    Actions,
    | 'readColumn'
    | 'readLastLayer'
    | 'closeLastLayer'
    | 'considerChange'
    | 'setVisiblePositions'
    | 'lookAtPlace'
    | 'readLikelihoods'
  >

const samePositions = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((position, i) => position === b[i])

/** Before any model has answered, and when another one takes its place. */
export const NO_RESULTS = {
  tokenized: idle(),
  neighbors: idle(),
  chosenNeighbors: idle(),
  measurement: idle(),
  neighborMeasurements: null,
  reading: idle(),
  columnReadings: null,
  lastLayer: idle(),
  prediction: idle(),
  likelihoods: idle(),
  pinned: [],
  measuredAhead: 0,
} satisfies Partial<AppState>

/** Results begin empty and are written by `connectExplorer`; the actions here only say what is wanted. */
export const createResultsSlice: Slice<ResultsSlice> = (set) => ({
  ...NO_RESULTS,
  visiblePositions: [],
  wanted: { column: null, lastLayer: false, change: null, place: null, likelihoods: null },
  readColumn: (column) =>
    set(({ wanted }) => (wanted.column === column ? {} : { wanted: { ...wanted, column } })),
  readLastLayer: () =>
    set(({ wanted }) => (wanted.lastLayer ? {} : { wanted: { ...wanted, lastLayer: true } })),
  closeLastLayer: () =>
    set(({ wanted }) => (wanted.lastLayer ? { wanted: { ...wanted, lastLayer: false } } : {})),
  considerChange: (change) =>
    set(({ wanted }) =>
      wanted.change?.position === change?.position && wanted.change?.tokenId === change?.tokenId
        ? {}
        : { wanted: { ...wanted, change } },
    ),
  lookAtPlace: (place) =>
    set(({ wanted }) => (wanted.place === place ? {} : { wanted: { ...wanted, place } })),
  readLikelihoods: (likelihoods) =>
    set(({ wanted }) => (wanted.likelihoods === likelihoods ? {} : { wanted: { ...wanted, likelihoods } })),
  setVisiblePositions: (positions) =>
    set(({ visiblePositions }) =>
      samePositions(visiblePositions, positions) ? {} : { visiblePositions: positions },
    ),
})
