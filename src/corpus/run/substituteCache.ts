import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import { NONE, type RecordTables } from '../../core/corpus/records/records'
import { PERTURBATIONS, type RunSettings } from '../../core/corpus/runSettings'

/** Number of token ids in one call of `CorpusEngine.substitutes`. */
const MAX_TOKENS_PER_LOOKUP = 64

export interface Nearest {
  /** Token id; `NONE` if the filters leave no token. */
  readonly tokenId: number
  readonly cosine: number
}

/** Caches the substitutes of every token met so far: a corpus repeats its words. */
export interface SubstituteCache {
  /** Asks for what is not known yet; `nearestOf` answers for these tokens from then on. */
  learnNearest(tokenIds: Iterable<number>): Promise<void>
  learnNeighbors(tokenIds: Iterable<number>): Promise<void>
  nearestOf(tokenId: number): Nearest
  /** Returns the `neighborRank`-th nearest; `NONE` if there is none. */
  neighborOf(tokenId: number): number
  /**
   * Fills the cache from earlier records. A resumed run asks the same questions in the same calls as one that never
   * stopped: a product of other rows could differ in its last bits.
   */
  restore(tables: Pick<RecordTables, 'occurrences' | 'perturbations'>): void
}

function known<V>(values: ReadonlyMap<number, V>, tokenId: number): V {
  const value = values.get(tokenId)
  if (value === undefined) throw new RangeError(`the substitute of token ${tokenId} was not asked for`)
  return value
}

export function createSubstituteCache(
  engine: Pick<CorpusEngine, 'substitutes'>,
  { filters, neighborRank }: Pick<RunSettings, 'filters' | 'neighborRank'>,
): SubstituteCache {
  const nearest = new Map<number, Nearest>()
  const neighbors = new Map<number, number>()

  async function learn(
    tokenIds: Iterable<number>,
    isKnown: (tokenId: number) => boolean,
    k: number,
    keep: (tokenId: number, substituteId: number, cosine: number) => void,
  ): Promise<void> {
    const wanted = [...new Set(tokenIds)].filter((tokenId) => !isKnown(tokenId))
    for (let from = 0; from < wanted.length; from += MAX_TOKENS_PER_LOOKUP) {
      const asked = wanted.slice(from, from + MAX_TOKENS_PER_LOOKUP)
      const { ids, cosines } = await engine.substitutes({ tokenIds: asked, k, filters })
      for (const [i, tokenId] of asked.entries()) {
        const last = (i + 1) * k - 1
        keep(tokenId, ids[last], cosines[last])
      }
    }
  }

  return {
    learnNearest: (tokenIds) =>
      learn(
        tokenIds,
        (id) => nearest.has(id),
        1,
        (id, tokenId, cosine) => nearest.set(id, { tokenId, cosine }),
      ),
    learnNeighbors: (tokenIds) =>
      learn(
        tokenIds,
        (id) => neighbors.has(id),
        neighborRank,
        (id, tokenId) => neighbors.set(id, tokenId),
      ),
    nearestOf: (tokenId) => known(nearest, tokenId),
    neighborOf: (tokenId) => known(neighbors, tokenId),
    restore({ occurrences, perturbations }) {
      const { token_id: tokens, substitute_id: substitutes, cosine } = occurrences.columns
      for (let row = 0; row < occurrences.rows; row++) {
        nearest.set(tokens[row], { tokenId: substitutes[row], cosine: cosine[row] })
      }
      const code = PERTURBATIONS.indexOf('neighbor')
      const { perturbation, token_id: changed, substitute_id: taken } = perturbations.columns
      for (let row = 0; row < perturbations.rows; row++) {
        if (perturbation[row] === code) neighbors.set(changed[row], taken[row])
      }
    },
  }
}

export const isNone = (tokenId: number) => tokenId === NONE
