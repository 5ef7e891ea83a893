import type { TokenNames } from '../../core/corpus/run'
import { entryLabel } from '../../core/text/token'
import { type PieceKind, pieceKindOf } from '../../core/text/tokenPieces'
import type { AppState } from '../appState'
import { tokenName, wordAs } from '../explore/tokenNames'
import { memoize } from '../memoize'
import { OWN } from '../side/side'
import { pieceKind } from '../side/sideModel'
import type { OpenRun } from './corpusState'

/** Names the tokens of a run. */
export interface RunTokens {
  /** False where no names are known, neither from the open model nor from the run. */
  readonly known: boolean
  /** Returns the vocabulary's own entry, as files have it: `Ġfilm`, `##ful`; `#id` if it is not known. */
  entryOf(tokenId: number): string
  /** Returns the entry as charts show it: `␣film`, `##ful`. */
  labelOf(tokenId: number): string
  /** Returns the entry as a word in running text: `film`, `“,”`. */
  wordOf(tokenId: number): string
}

function runTokens(entryOf: (tokenId: number) => string, kind: PieceKind, known = true): RunTokens {
  return {
    known,
    entryOf,
    labelOf: (tokenId) => entryLabel(entryOf(tokenId), kind),
    wordOf: (tokenId) => wordAs(entryOf(tokenId), kind),
  }
}

const unnamed = (tokenId: number) => `#${tokenId}`

function namedTokens(names: TokenNames): RunTokens {
  const own = new Map(names)
  return runTokens((tokenId) => own.get(tokenId) ?? unnamed(tokenId), pieceKindOf([...own.values()]))
}

type NamedRun = Pick<OpenRun, 'header' | 'tokenNames'> | null

/**
 * Names the tokens of one run: by the open model if it is the run's own, else by the names that are saved with the run.
 */
function tokensOf(state: AppState, run: NamedRun): RunTokens {
  const { info } = state.model
  const { vocabulary } = state.corpus
  const sha256 = run?.header.provenance.sha256
  const isOwn = info === null || sha256 === undefined || info.provenance.sha256 === sha256
  if (isOwn && (state.model.vocabulary || !run?.tokenNames)) {
    return runTokens(
      (tokenId) => tokenName(state, tokenId),
      pieceKind(state),
      state.model.vocabulary !== null,
    )
  }
  if (run?.tokenNames) return namedTokens(run.tokenNames)
  if (vocabulary && vocabulary.sha256 === sha256) {
    const { entries } = vocabulary
    return runTokens((tokenId) => entries[tokenId] ?? unnamed(tokenId), pieceKindOf(entries))
  }
  return runTokens(unnamed, 'word-piece', false)
}

const dependencies = (state: AppState, run: NamedRun) => [
  state.model.vocabulary,
  state.sides[OWN].tokenized.value,
  state.model.info,
  state.corpus.vocabulary,
  run,
]

/** Names the tokens of the open run; the same object as long as the names are the same. */
export const openTokens = memoize(
  (state: AppState) => dependencies(state, state.corpus.run.value),
  (state) => tokensOf(state, state.corpus.run.value),
)

export const comparedTokens = memoize(
  (state: AppState) => dependencies(state, state.corpus.compared.value),
  (state) => tokensOf(state, state.corpus.compared.value),
)

/** Names the tokens of the run whose points are shown. */
export const shownTokens = (state: AppState): RunTokens =>
  state.corpus.display.run === 'compared' ? comparedTokens(state) : openTokens(state)
