import { type AlignedBlock, alignedBlocks } from '../../core/besideAlignment'
import type { TokenizedText } from '../../core/token'
import { pieceKindOf } from '../../core/tokenPieces'
import { besideAlignment, besideTokens, besideVocabulary } from '../../state/beside/besideSelectors'
import { memoize } from '../../state/memoize'
import { currentTokens } from '../../state/selectors'
import type { AppStoreState } from '../../state/store'
import { layOutReview } from '../explore/reviewLayout'

/** Both sequences, cut where both can be cut. */
export interface AlignedTokens {
  readonly blocks: readonly AlignedBlock[]
  /** By position, as the review spells them. */
  readonly first: readonly string[]
  readonly second: readonly string[]
  /** By position of the second: the position of the first that it leads to; null: none. */
  readonly firstOf: readonly (number | null)[]
}

function labelsOf(tokenized: TokenizedText, vocabulary: readonly string[]): string[] {
  const labels: string[] = []
  for (const { pieces } of layOutReview(tokenized, pieceKindOf(vocabulary)).words) {
    for (const { position, label } of pieces) labels[position] = label
  }
  return labels
}

/** null while either side is not read. */
export const alignedTokens = memoize(
  (state: AppStoreState) => [besideAlignment(state), state.vocabulary, besideVocabulary(state)],
  (state): AlignedTokens | null => {
    const alignment = besideAlignment(state)
    const [first, second] = [currentTokens(state), besideTokens(state)]
    const [ours, theirs] = [state.vocabulary, besideVocabulary(state)]
    if (!alignment || !first || !second || !ours || !theirs) return null
    return {
      blocks: alignedBlocks(alignment, first.tokens, second.tokens),
      first: labelsOf(first, ours),
      second: labelsOf(second, theirs),
      firstOf: alignment.toFirst.map((positions) => positions[0] ?? null),
    }
  },
)

/** Blocks around the chosen one, so that a text of thousands of tokens does not stall the page. */
export function blocksAround(
  blocks: readonly AlignedBlock[],
  position: number | null,
  room: number,
): readonly AlignedBlock[] {
  if (blocks.length <= room) return blocks
  const chosen = blocks.findIndex(({ first }) => position !== null && first.includes(position))
  const start = Math.max(0, Math.min(chosen - Math.floor(room / 2), blocks.length - room))
  return blocks.slice(start, start + room)
}
