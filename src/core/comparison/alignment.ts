import type { Token, TokenizedText } from '../text/token'
import { commonPairs } from '../text/tokenDiff'

/** Pairs the tokens of two sequences that mean the same. Positions count special tokens, which have no counterpart. */
export interface TokenAlignment {
  /** Positions in the second sequence, ascending, by position in the first; empty where there is no counterpart. */
  readonly toSecond: readonly (readonly number[])[]
  /** Positions in the first sequence, ascending, by position in the second. */
  readonly toFirst: readonly (readonly number[])[]
}

function alignmentOf(
  pairs: readonly (readonly [first: number, second: number])[],
  lengths: readonly [number, number],
): TokenAlignment {
  const toSecond: number[][] = Array.from({ length: lengths[0] }, () => [])
  const toFirst: number[][] = Array.from({ length: lengths[1] }, () => [])
  for (const [first, second] of pairs) {
    toSecond[first].push(second)
    toFirst[second].push(first)
  }
  return { toSecond, toFirst }
}

const standsForText = ({ special, start, end }: Token) => !special && end > start

/**
 * Aligns two tokenizations of one text: tokens that share a character are counterparts, one to many where one tokenizer
 * cuts finer. O(tokens + pairs).
 *
 * @param first with starts and ends ascending, as `alignPieces` gives them
 * @param second the same
 */
export function alignByOffsets(first: readonly Token[], second: readonly Token[]): TokenAlignment {
  const pairs: (readonly [number, number])[] = []
  const others = second.flatMap((token, position) => (standsForText(token) ? [{ ...token, position }] : []))
  let next = 0
  first.forEach((token, position) => {
    if (!standsForText(token)) return
    while (next < others.length && others[next].end <= token.start) next++
    for (let i = next; i < others.length && others[i].start < token.end; i++) {
      pairs.push([position, others[i].position])
    }
  })
  return alignmentOf(pairs, [first.length, second.length])
}

/**
 * Returns the string by which a token is compared: its vocabulary entry if both texts use one vocabulary, else its
 * spelling in the text.
 */
function spellingOf({ text }: TokenizedText, token: Token, oneVocabulary: boolean): string {
  return oneVocabulary ? token.text : text.slice(token.start, token.end).toLowerCase()
}

/**
 * Aligns two texts: tokens on a longest common subsequence of their spellings are counterparts, the rest have none.
 *
 * @param oneVocabulary whether the same model reads both
 */
export function alignByDiff(
  first: TokenizedText,
  second: TokenizedText,
  oneVocabulary: boolean,
): TokenAlignment {
  const candidates = (tokenized: TokenizedText) =>
    tokenized.tokens.flatMap((token, position) =>
      token.special ? [] : [{ position, spelling: spellingOf(tokenized, token, oneVocabulary) }],
    )
  const [ours, theirs] = [candidates(first), candidates(second)]
  const pairs = commonPairs(
    ours.map(({ spelling }) => spelling),
    theirs.map(({ spelling }) => spelling),
  ).map(([i, j]) => [ours[i].position, theirs[j].position] as const)
  return alignmentOf(pairs, [first.tokens.length, second.tokens.length])
}

/** Holds aligned tokens of both sides; one side may be empty. */
export interface AlignedBlock {
  /** Positions, ascending. */
  readonly first: readonly number[]
  readonly second: readonly number[]
}

/**
 * Cuts both sequences into blocks of aligned tokens. A token without a counterpart is a block of its own, those of the
 * first sequence before those of the second. Special tokens are left out. O(tokens + pairs).
 */
export function alignedBlocks(
  { toSecond, toFirst }: TokenAlignment,
  first: readonly Token[],
  second: readonly Token[],
): AlignedBlock[] {
  const blocks: AlignedBlock[] = []
  let [i, j] = [0, 0]
  const alone = () => {
    for (; i < first.length && toSecond[i].length === 0; i++) {
      if (!first[i].special) blocks.push({ first: [i], second: [] })
    }
    for (; j < second.length && toFirst[j].length === 0; j++) {
      if (!second[j].special) blocks.push({ first: [], second: [j] })
    }
  }
  alone()
  while (i < first.length && j < second.length) {
    const block = { first: [] as number[], second: [] as number[] }
    let [untilFirst, untilSecond] = [i, j]
    while (i <= untilFirst || j <= untilSecond) {
      if (i <= untilFirst) {
        untilSecond = Math.max(untilSecond, toSecond[i].at(-1) ?? untilSecond)
        block.first.push(i++)
      } else {
        untilFirst = Math.max(untilFirst, toFirst[j].at(-1) ?? untilFirst)
        block.second.push(j++)
      }
    }
    blocks.push(block)
    alone()
  }
  return blocks
}
