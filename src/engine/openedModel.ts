import type {
  ClosestTokens,
  ClosestTokensRequest,
  MeasureRequest,
  ModelInfo,
  NeighborsRequest,
} from '../core/explorer'
import { fail } from '../core/failure'
import type { Measurement } from '../core/measurement'
import type { Neighbor } from '../core/neighbor'
import { combineShifts, shiftBetween } from '../core/shift'
import { type Substitution, substituteTokens, substitutionsKey } from '../core/substitution'
import type { TokenizedText } from '../core/token'
import type { Encoding, HiddenStates } from './encoder'
import { LruCache } from './lruCache'
import type { ModelFiles } from './modelFiles'
import type { ModelParts } from './modelParts'
import { createNeighborFilter } from './neighborFilter'
import { type OpenedWeights, readWeights, weightsFilesOf } from './openWeights'
import type { Runtime } from './runtime'
import { createTokenizer, type ReviewTokenizer } from './tokenizer'
import type { Candidate } from './wordTable'

export const MAX_NEIGHBORS = 50

/** How many more rows than asked are fetched, so that filtered ones seldom need a second product. */
const NEIGHBOR_MARGIN = 6

/** Hidden states kept, in bytes: half a dozen sequences of 128 tokens of the built-in model. */
const STATES_KEPT_BYTES = 16 * 2 ** 20

/** One model, open on one runtime. */
export interface OpenedModel {
  readonly info: ModelInfo
  readonly vocabulary: readonly string[]
  tokenize(text: string): TokenizedText
  neighbors(request: NeighborsRequest): Promise<Neighbor[][]>
  measure(request: MeasureRequest): Promise<Measurement>
  closestTokens(request: ClosestTokensRequest): Promise<ClosestTokens[]>
  /** What the measures are made of, for those over a whole corpus (corpusEngine). */
  readonly tokenizer: ReviewTokenizer
  readonly parts: ModelParts
  /** The original's hidden states and logits; kept for the next call. */
  encodeOriginal(inputIds: readonly number[]): Promise<Encoding>
  release(): Promise<void>
}

const invalid = (message: string): never => fail('invalid-request', message)

/**
 * Opens a model: reads its files, writes its graphs, opens a session for each.
 *
 * @param wordTableRuntime where the products with the word table run; the encoder's own runtime unless it is a GPU
 * @throws FailureError `unsupported-model` or `damaged-file`
 */
export async function openModel(
  runtime: Runtime,
  files: ModelFiles,
  wordTableRuntime: Runtime = runtime,
): Promise<OpenedModel> {
  const weights = await readWeights(files)
  const tokenizer = createTokenizer(
    files.tokenizer,
    files.tokenizerConfig,
    weights.maxPositions,
    weights.vocabularySize,
  )
  const opened = await weights.open(runtime, wordTableRuntime)
  return createOpenedModel(infoOf(files, opened, runtime.device), opened, tokenizer)
}

function infoOf(files: ModelFiles, weights: OpenedWeights, device: string): ModelInfo {
  const { family, layers, width, vocabularySize, maxPositions, causal, parts, parameters, precision } =
    weights
  const { id, sha256, format = 'safetensors', revision, kept = true } = files
  const all = weightsFilesOf(files)
  const names = all.map(({ name }) => name)
  return {
    id,
    family,
    layers,
    width,
    vocabularySize,
    maxTokens: maxPositions,
    labels: parts.labels,
    parameters,
    bytes: all.reduce((sum, { blob }) => sum + blob.size, 0),
    provenance: {
      modelId: id,
      sha256,
      family,
      file: names.length > 1 ? `${names[0]} and ${names.length - 1} more` : names[0],
      ...(revision !== undefined && { revision }),
      precision,
      device,
      shipped: false,
    },
    details: { head: parts.head, causal, format, files: names, kept },
  }
}

/** The measures over weights of any format. */
function createOpenedModel(info: ModelInfo, config: OpenedWeights, tokenizer: ReviewTokenizer): OpenedModel {
  const { parts, width } = config
  const { encoder, wordTable } = parts
  const { vocabulary } = tokenizer
  const states = config.layers + 1

  const encodings = new LruCache<Encoding>(STATES_KEPT_BYTES)
  const keyOf = (inputIds: readonly number[], substitutions: readonly Substitution[]) =>
    `${inputIds.join()}|${substitutionsKey(substitutions)}`

  function checkIds(inputIds: readonly number[]): void {
    if (inputIds.length === 0) invalid('There is no token to measure.')
    if (inputIds.length > config.maxPositions) {
      invalid(`${inputIds.length} tokens are more than the ${config.maxPositions} this model reads.`)
    }
    for (const id of inputIds) {
      if (!Number.isInteger(id) || id < 0 || id >= config.vocabularySize) {
        invalid(`There is no token ${id} in a vocabulary of ${config.vocabularySize}.`)
      }
    }
  }

  function checkPositions(inputIds: readonly number[], positions: readonly number[]): void {
    for (const position of positions) {
      if (!Number.isInteger(position) || position < 0 || position >= inputIds.length) {
        invalid(`There is no position ${position} in ${inputIds.length} tokens.`)
      }
    }
  }

  async function encode(
    inputIds: readonly number[],
    substitutions: readonly Substitution[],
    reference?: HiddenStates,
  ): Promise<Encoding> {
    const key = keyOf(inputIds, substitutions)
    const known = encodings.get(key)
    if (known) return known
    const encoding = await encoder.encode(substituteTokens(inputIds, substitutions), reference)
    encodings.set(key, encoding, 4 * states * inputIds.length * width)
    return encoding
  }

  const toNeighbor = (candidate: Candidate): Neighbor => ({
    ...candidate,
    token: vocabulary[candidate.tokenId],
  })

  return {
    info,
    vocabulary,
    tokenize: (text) => tokenizer.tokenize(text),

    async neighbors({ inputIds, positions, k, filters, also = [] }) {
      checkIds(inputIds)
      checkIds([...inputIds.slice(0, 1), ...also])
      checkPositions(inputIds, positions)
      if (!Number.isInteger(k) || k < 1 || k > MAX_NEIGHBORS)
        invalid(`k is ${k}; it must be 1 to ${MAX_NEIGHBORS}.`)
      const allowed = createNeighborFilter(filters, vocabulary, tokenizer.specialIds)
      const found = new Map<number, Neighbor[]>()
      let open = positions
      for (let fetched = k + NEIGHBOR_MARGIN; open.length > 0; fetched *= 4) {
        const places = open.map((position) => ({ tokenId: inputIds[position], position }))
        const rows = await wordTable.candidates(places, fetched, also)
        const missing: number[] = []
        for (const [i, row] of rows.entries()) {
          const typed = row.slice(row.length - also.length)
          const nearest = row
            .slice(0, row.length - also.length)
            .filter(({ tokenId }) => allowed(places[i].tokenId, tokenId))
            .slice(0, k)
          if (nearest.length < k && fetched < config.vocabularySize) missing.push(open[i])
          else found.set(open[i], [...nearest, ...typed].map(toNeighbor))
        }
        open = missing
      }
      return positions.map((position) => found.get(position) ?? [])
    },

    async measure({ inputIds, substitutions }) {
      checkIds(inputIds)
      checkIds([...inputIds.slice(0, 1), ...substitutions.map(({ tokenId }) => tokenId)])
      const changed = substitutions.map(({ position }) => position)
      checkPositions(inputIds, changed)
      if (new Set(changed).size < changed.length) invalid('A position can be substituted once.')
      const original = await encode(inputIds, [])
      const perturbed = await encode(inputIds, substitutions, original.hiddenStates)
      const rowAt = (encoding: Encoding, position: number) =>
        encoding.hiddenStates[0].subarray(position * width, (position + 1) * width)
      return {
        substitutions,
        layers: states,
        positions: inputIds.length,
        distances:
          substitutions.length > 0 ? perturbed.distances : new Float32Array(states * inputIds.length),
        originalNorms: original.norms,
        perturbedNorms: perturbed.norms,
        shift: combineShifts(
          changed.map((position) => shiftBetween(rowAt(original, position), rowAt(perturbed, position))),
        ),
        logits: original.logits && perturbed.logits && { before: original.logits, after: perturbed.logits },
        provenance: info.provenance,
      }
    },

    async closestTokens({ inputIds, substitutions, layers, positions, k }) {
      checkIds(inputIds)
      checkPositions(inputIds, positions)
      if (!Number.isInteger(k) || k < 1 || k > MAX_NEIGHBORS)
        invalid(`k is ${k}; it must be 1 to ${MAX_NEIGHBORS}.`)
      if (layers.some((layer) => !Number.isInteger(layer) || layer < 0 || layer >= states)) {
        invalid(`A layer of ${layers} is not one of 0 to ${config.layers}.`)
      }
      const original = await encode(inputIds, [])
      const { hiddenStates } =
        substitutions.length > 0 ? await encode(inputIds, substitutions, original.hiddenStates) : original
      const cells = layers.flatMap((layer) => positions.map((position) => ({ layer, position })))
      const rows = new Float32Array(cells.length * width)
      for (const [i, { layer, position }] of cells.entries()) {
        rows.set(hiddenStates[layer].subarray(position * width, (position + 1) * width), i * width)
      }
      const closest = await wordTable.closest(rows, k)
      return cells.map((cell, i) => ({
        ...cell,
        tokens: closest[i].map(({ tokenId, cosine }) => ({ tokenId, token: vocabulary[tokenId], cosine })),
      }))
    },

    tokenizer,
    parts,
    encodeOriginal(inputIds) {
      checkIds(inputIds)
      return encode(inputIds, [])
    },
    release: () => parts.release(),
  }
}
