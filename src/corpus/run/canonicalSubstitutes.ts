import type { CorpusEngine, Substitutes, SubstitutesRequest } from '../../core/corpus/corpusEngine'

/** Number of ids in a block whose substitutes are looked up together. Larger blocks ask for more than is needed. */
const BLOCK = 16

/**
 * Returns the same engine, but it always looks up the substitutes of a token together with those of its neighbours by
 * id, and once. A product of other rows could differ in its last bits: this way they depend on neither the order of the
 * texts nor on how they were divided.
 */
export function withCanonicalSubstitutes(engine: CorpusEngine): CorpusEngine {
  const blocks = new Map<string, Promise<Substitutes>>()

  async function blockOf(block: number, { k, filters }: SubstitutesRequest): Promise<Substitutes> {
    const key = JSON.stringify([block, k, filters])
    const known = blocks.get(key)
    if (known) return known
    const { vocabularySize } = await engine.info()
    const first = block * BLOCK
    const tokenIds = Array.from({ length: Math.min(BLOCK, vocabularySize - first) }, (_, i) => first + i)
    const asked = engine.substitutes({ tokenIds, k, filters })
    blocks.set(key, asked)
    asked.catch(() => blocks.delete(key))
    return asked
  }

  return {
    ...engine,
    async substitutes(request) {
      const { tokenIds, k } = request
      const ids = new Uint32Array(tokenIds.length * k)
      const cosines = new Float32Array(tokenIds.length * k)
      for (const [i, tokenId] of tokenIds.entries()) {
        const found = await blockOf(Math.floor(tokenId / BLOCK), request)
        const from = (tokenId % BLOCK) * k
        ids.set(found.ids.subarray(from, from + k), i * k)
        cosines.set(found.cosines.subarray(from, from + k), i * k)
      }
      return { ids, cosines }
    },
  }
}
