import { type ExploreExport, exploreExport } from '../core/exports/exploreExport'
import { fail } from '../core/failure'
import type { Neighbor, NeighborFilters } from '../core/measures/neighbor'
import type { Substitution } from '../core/measures/substitution'
import type { TokenPrediction } from '../core/measures/tokenPrediction'
import { printable } from '../core/text/printable'
import { inputIdsOf, type TokenizedText } from '../core/text/token'
import type { OpenedModel } from '../engine/openedModel'

export interface ExploreRequest {
  readonly text: string
  /** Position from 0 over the input ids, special tokens included. */
  readonly position: number
  /** Vocabulary entry; null: the nearest neighbour (eq. 1). */
  readonly substitute: string | null
  readonly filters: NeighborFilters
}

/** @throws FailureError `invalid-request` where the text has no such token, or one that is never substituted */
function checkPosition({ tokens }: TokenizedText, position: number): void {
  const token = tokens[position]
  if (!token) {
    fail(
      'invalid-request',
      `There is no position ${position}: the text has ${tokens.length} tokens, 0 to ${tokens.length - 1}.`,
    )
  }
  if (token.special) {
    fail(
      'invalid-request',
      `Position ${position} is ${token.text}, which frames the text and is never substituted.`,
    )
  }
}

/** Returns the id of a vocabulary entry, else of a word that the tokenizer reads as a single token. */
function tokenNamed({ vocabulary, tokenizer }: OpenedModel, name: string): number {
  const id = vocabulary.indexOf(name)
  if (id >= 0 && name !== '') return id
  const pieces = tokenizer.contentIds(name)
  if (pieces.length === 1) return pieces[0]
  const shown = pieces.map((piece) => vocabulary[piece]).join(' ')
  return fail(
    'invalid-request',
    `${printable(name) || 'An empty word'} is not one token of this model${shown ? `: it reads ${printable(shown)}` : ''}.`,
    { advice: 'Name one entry of its vocabulary.' },
  )
}

async function substituteAt(
  model: OpenedModel,
  inputIds: readonly number[],
  { position, substitute, filters }: ExploreRequest,
): Promise<Neighbor> {
  const also = substitute === null ? [] : [tokenNamed(model, substitute)]
  const [row] = await model.neighbors({ inputIds, positions: [position], k: 1, filters, also })
  const neighbor = row.at(-1)
  if (!neighbor) {
    return fail('invalid-request', `The filters leave no substitute for position ${position}.`, {
      advice: 'Name one, or exclude less.',
    })
  }
  if (neighbor.tokenId === inputIds[position]) {
    fail('invalid-request', `${printable(neighbor.token)} stands at position ${position} already.`)
  }
  return neighbor
}

/**
 * Number of most probable tokens of a language model: after the text (causal), or at the substitution with the mask
 * there.
 */
const TOP = 10

async function predictionOf(
  { info, predictTokens }: OpenedModel,
  inputIds: readonly number[],
  substitution: Substitution,
): Promise<TokenPrediction | null> {
  const { head, maskId } = info.details ?? {}
  const common = { inputIds, substitutions: [substitution], k: TOP }
  if (head === 'causal-lm') return predictTokens({ ...common, position: inputIds.length - 1 })
  if (head !== 'masked-lm' || maskId === undefined) return null
  const { position, tokenId } = substitution
  return predictTokens({ ...common, position, also: [inputIds[position], tokenId] })
}

/**
 * Measures one substitution in one text, and returns what the page's JSON export holds.
 *
 * @throws FailureError `invalid-request` for a position or a token that the text or the model does not have
 */
export async function explore(model: OpenedModel, request: ExploreRequest): Promise<ExploreExport> {
  const { text, position } = request
  const tokenized = model.tokenize(text)
  checkPosition(tokenized, position)
  const inputIds = inputIdsOf(tokenized)
  const neighbor = await substituteAt(model, inputIds, request)
  const substitutions = [{ position, tokenId: neighbor.tokenId }]
  const measurement = await model.measure({ inputIds, substitutions })
  const tokenPrediction = await predictionOf(model, inputIds, substitutions[0])
  return exploreExport({
    model: model.info,
    change: { tokenized, substitutions, measurement },
    position,
    neighbor,
    pins: [],
    tokenPrediction,
    tokenName: (tokenId) => model.vocabulary[tokenId],
  })
}

/** Holds a token of a text and its nearest substitute. */
export interface TokenRow {
  readonly position: number
  readonly token: string
  /** Null for tokens that frame the text, and if the filters leave none. */
  readonly neighbor: Neighbor | null
}

/** Returns every token of a text with its nearest substitute. */
export async function exploreTokens(
  model: OpenedModel,
  text: string,
  filters: NeighborFilters,
): Promise<readonly TokenRow[]> {
  const tokenized = model.tokenize(text)
  const { tokens } = tokenized
  const positions = [...tokens.keys()].filter((position) => !tokens[position].special)
  const found = await model.neighbors({ inputIds: inputIdsOf(tokenized), positions, k: 1, filters })
  const nearest = new Map(positions.map((position, i) => [position, found[i][0] ?? null]))
  return tokens.map((token, position) => ({
    position,
    token: token.text,
    neighbor: nearest.get(position) ?? null,
  }))
}
