import { type AlignedBlock, alignedBlocks } from '../../core/besideAlignment'
import type { TokenizedText } from '../../core/token'
import { pieceKindOf } from '../../core/tokenPieces'
import { alignment } from '../../state/compare/alignment'
import { memoize } from '../../state/memoize'
import { currentTokens, vocabularyOf } from '../../state/selectors'
import { OTHER } from '../../state/side/side'
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
  (state: AppStoreState) => [alignment(state, OTHER), vocabularyOf(state), vocabularyOf(state, OTHER)],
  (state): AlignedTokens | null => {
    const aligned = alignment(state, OTHER)
    const [first, second] = [currentTokens(state), currentTokens(state, OTHER)]
    const [ours, theirs] = [vocabularyOf(state), vocabularyOf(state, OTHER)]
    if (!aligned || !first || !second || !ours || !theirs) return null
    return {
      blocks: alignedBlocks(aligned, first.tokens, second.tokens),
      first: labelsOf(first, ours),
      second: labelsOf(second, theirs),
      firstOf: aligned.toFirst.map((positions) => positions[0] ?? null),
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
