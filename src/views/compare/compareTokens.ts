import { type AlignedBlock, alignedBlocks } from '../../core/comparison/alignment'
import type { TokenizedText } from '../../core/text/token'
import { pieceKindOf } from '../../core/text/tokenPieces'
import { alignment } from '../../state/compare/alignment'
import { memoize } from '../../state/memoize'
import { currentTokens, vocabularyOf } from '../../state/selectors'
import { OTHER } from '../../state/side/side'
import type { AppStoreState } from '../../state/store'
import { layOutReview } from '../explore/review/reviewLayout'

/** Holds both sequences, split into aligned blocks. */
export interface AlignedTokens {
  readonly blocks: readonly AlignedBlock[]
  /** Labels by position, as the review spells them. */
  readonly first: readonly string[]
  readonly second: readonly string[]
  /** Position of the first side to which each position of the second leads; null if none. */
  readonly firstOf: readonly (number | null)[]
}

function labelsOf(tokenized: TokenizedText, vocabulary: readonly string[]): string[] {
  const labels: string[] = []
  for (const { pieces } of layOutReview(tokenized, pieceKindOf(vocabulary)).words) {
    for (const { position, label } of pieces) labels[position] = label
  }
  return labels
}

/** Returns the aligned tokens; null while either side is not tokenised. */
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

/** Returns the blocks around the chosen one, so that a text of thousands of tokens does not block the page. */
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
