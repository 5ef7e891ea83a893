import type { Measures, ModelInfo } from '../core/explorer'
import { fail } from '../core/failure'
import type { Neighbor } from '../core/measures/neighbor'
import { shiftBetween } from '../core/measures/shift'
import { type Substitution, substituteTokens, substitutionsKey } from '../core/measures/substitution'
import type { TokenizedText } from '../core/text/token'
import { predictionKindOf } from '../weights/predictionKind'
import { positionIdsOf } from './forward/countedPositions'
import type { Encoding, HiddenStates } from './forward/encoder'
import type { Runtime } from './forward/runtime'
import { createLanguageModel, finalPositions, nextTokenChange } from './languageModel'
import { answersByLayer } from './layerAnswers'
import { LruCache } from './lruCache'
import { type ModelFiles, tokenizerSourceOf } from './modelFiles'
import type { ModelParts } from './modelParts'
import { type OpenedWeights, readWeights, weightsFilesOf } from './openWeights'
import { createRequestChecks } from './requestChecks'
import { type BothRuns, runPatches } from './statePatching'
import { createTokenizer, type ReviewTokenizer } from './tokenizer/tokenizer'
import { createEntryFilter, createNeighborFilter } from './vocabulary/neighborFilter'
import { type Candidate, shiftAt } from './vocabulary/wordTable'

/** Number of extra rows fetched, so that filtered ones seldom need a second product. */
const NEIGHBOR_MARGIN = 6

/** Bytes of saved hidden states: half a dozen sequences of 128 tokens of the built-in model. */
const STATES_KEPT_BYTES = 16 * 2 ** 20

/** Measures texts with one model, open on one runtime. */
export interface OpenedModel extends Measures {
  readonly info: ModelInfo
  readonly vocabulary: readonly string[]
  tokenize(text: string): TokenizedText
  /** Tokenizer and parts, for the measures over a whole corpus (corpusEngine). */
  readonly tokenizer: ReviewTokenizer
  readonly parts: ModelParts
  /** Returns the original's hidden states and logits, and saves them for the next call. */
  encodeOriginal(inputIds: readonly number[]): Promise<Encoding>
  /** Runs both texts of a change; `place` as in `PatchRequest`. */
  bothRuns(
    inputIds: readonly number[],
    substitutions: readonly Substitution[],
    place: number | null,
  ): Promise<BothRuns>
  release(): Promise<void>
}

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
  const tokenizer = createTokenizer(await runtime.tokenizers(), tokenizerSourceOf(files), weights)
  const opened = await weights.open(runtime, wordTableRuntime)
  return createOpenedModel(infoOf(files, opened, tokenizer, runtime.device), opened, tokenizer)
}

function infoOf(
  files: ModelFiles,
  weights: OpenedWeights,
  { maskId }: ReviewTokenizer,
  device: string,
): ModelInfo {
  const { family, layers, width, vocabularySize, maxPositions, causal, parts, parameters, precision } =
    weights
  const { id, sha256, format = 'safetensors', revision, kept = true } = files
  const all = weightsFilesOf(files)
  const names = all.map(({ name }) => name)
  const prediction = predictionKindOf(files.config, parts.labels.length, parts.applied)
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
    details: {
      head: parts.head,
      causal,
      format,
      files: names,
      kept,
      ...(files.tokenizerFrom && { tokenizer: files.tokenizerFrom.name }),
      ...(parts.head === 'classification' && prediction !== 'softmax' && { prediction }),
      ...(parts.head === 'masked-lm' && maskId !== null && { maskId }),
    },
  }
}

/** Creates the measures over weights of any format. */
function createOpenedModel(info: ModelInfo, config: OpenedWeights, tokenizer: ReviewTokenizer): OpenedModel {
  const { parts, width } = config
  const { encoder, wordTable } = parts
  const { vocabulary } = tokenizer
  const states = config.layers + 1
  const check = createRequestChecks(config)

  const encodings = new LruCache<Encoding>(STATES_KEPT_BYTES)
  /** Both runs of a change at a language model's place; a sweep asks for them many times. */
  const placed = new LruCache<BothRuns>(STATES_KEPT_BYTES)
  const keyOf = (inputIds: readonly number[], substitutions: readonly Substitution[]) =>
    `${inputIds.join()}|${substitutionsKey(substitutions)}`

  async function encode(
    inputIds: readonly number[],
    substitutions: readonly Substitution[],
    reference?: HiddenStates,
  ): Promise<Encoding> {
    const key = keyOf(inputIds, substitutions)
    const known = encodings.get(key)
    if (known) return known
    const changed = substituteTokens(inputIds, substitutions)
    const encoding = await encoder.encode(changed, reference, finalPositions(parts, changed))
    const scores = encoding.tokenLogits?.length ?? 0
    encodings.set(key, encoding, 4 * (states * inputIds.length * width + scores))
    return encoding
  }

  const languageModel = createLanguageModel(
    parts,
    tokenizer,
    config.vocabularySize,
    async (inputIds, substitutions) => {
      const original = await encode(inputIds, [])
      return substitutions.length > 0 ? encode(inputIds, substitutions, original.hiddenStates) : original
    },
  )

  /**
   * Runs both texts of a change.
   *
   * @param place where a language model's scores are wanted, and a masked one's mask stands in both; null: the texts as
   *   they are
   */
  async function bothRuns(
    inputIds: readonly number[],
    substitutions: readonly Substitution[],
    place: number | null,
  ): Promise<BothRuns> {
    const ids = idsAt(inputIds, substitutions, place)
    if (place === null) {
      const original = await encode(inputIds, [])
      const changed = await encode(inputIds, substitutions, original.hiddenStates)
      return {
        inputIds: ids,
        states: { original: original.hiddenStates, changed: changed.hiddenStates },
        logits: original.logits && changed.logits && { before: original.logits, after: changed.logits },
        scores: null,
      }
    }
    const key = `${place}|${keyOf(inputIds, substitutions)}`
    const known = placed.get(key)
    if (known) return known
    const original = await encoder.encode(ids.original, undefined, [place])
    const changed = await encoder.encode(ids.changed, undefined, [place])
    const [before, after] = [original.tokenLogits, changed.tokenLogits]
    const both: BothRuns = {
      inputIds: ids,
      states: { original: original.hiddenStates, changed: changed.hiddenStates },
      logits: null,
      scores: before && after && { before, after },
    }
    placed.set(key, both, 8 * (states * inputIds.length * width + config.vocabularySize))
    return both
  }

  /** Returns the ids of both texts, with the mask at the place where a masked model is asked there. */
  function idsAt(
    inputIds: readonly number[],
    substitutions: readonly Substitution[],
    place: number | null,
  ): BothRuns['inputIds'] {
    const changed = substituteTokens(inputIds, substitutions)
    if (place === null || parts.head !== 'masked-lm') return { original: inputIds, changed }
    const mask = languageModel.maskId()
    return { original: inputIds.with(place, mask), changed: changed.with(place, mask) }
  }

  /** Returns the place, if the model has a head that is asked there. */
  const askedPlace = (place: number | null) =>
    parts.head === 'masked-lm' || parts.head === 'causal-lm' ? place : null

  const toNeighbor = (candidate: Candidate): Neighbor => ({
    ...candidate,
    token: vocabulary[candidate.tokenId],
  })

  /** Returns neighbors with shifts over all of h_0, where a token that positions leave out comes or goes. */
  async function withWholeShifts(
    inputIds: readonly number[],
    position: number,
    neighbors: readonly Neighbor[],
  ): Promise<Neighbor[]> {
    const own = inputIds[position]
    const uncounted = await parts.uncounted([own, ...neighbors.map(({ tokenId }) => tokenId)])
    const whole: Neighbor[] = []
    for (const neighbor of neighbors) {
      if (!uncounted.has(own) && !uncounted.has(neighbor.tokenId)) {
        whole.push(neighbor)
        continue
      }
      const changed = substituteTokens(inputIds, [{ position, tokenId: neighbor.tokenId }])
      const shifts = await (await parts.shiftTable()).shifts(inputIds, changed)
      whole.push({ ...neighbor, shift: shiftAt(shifts, position) })
    }
    return whole
  }

  return {
    info,
    vocabulary,
    tokenize: (text) => tokenizer.tokenize(text),

    async neighbors({ inputIds, positions, k, filters, also = [] }) {
      check.sequence(inputIds)
      check.tokens(also)
      check.positions(inputIds, positions)
      check.k(k)
      const allowed = createNeighborFilter(filters, vocabulary, tokenizer.specialIds)
      const positionIds = positionIdsOf(inputIds, await parts.uncounted(inputIds))
      const found = new Map<number, Neighbor[]>()
      let open = positions
      for (let fetched = k + NEIGHBOR_MARGIN; open.length > 0; fetched *= 4) {
        const places = open.map((position) => ({
          tokenId: inputIds[position],
          position: positionIds[position],
        }))
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
      return Promise.all(
        positions.map((position) => withWholeShifts(inputIds, position, found.get(position) ?? [])),
      )
    },

    async measure({ inputIds, substitutions }) {
      check.sequence(inputIds)
      check.substitutions(inputIds, substitutions)
      const original = await encode(inputIds, [])
      const perturbed = await encode(inputIds, substitutions, original.hiddenStates)
      const nextToken = nextTokenChange(original, perturbed)
      return {
        substitutions,
        layers: states,
        positions: inputIds.length,
        distances:
          substitutions.length > 0 ? perturbed.distances : new Float32Array(states * inputIds.length),
        originalNorms: original.norms,
        perturbedNorms: perturbed.norms,
        shift: shiftBetween(original.hiddenStates[0], perturbed.hiddenStates[0]),
        logits: original.logits && perturbed.logits && { before: original.logits, after: perturbed.logits },
        ...(nextToken && { nextToken }),
        provenance: info.provenance,
      }
    },

    async closestTokens({ inputIds, substitutions, layers, positions, k }) {
      check.sequence(inputIds)
      check.positions(inputIds, positions)
      check.k(k)
      check.layers(layers)
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

    async predictTokens(request) {
      const { inputIds, substitutions, position, k, also = [] } = request
      check.sequence(inputIds)
      check.substitutions(inputIds, substitutions)
      check.tokens(also)
      check.positions(inputIds, [position])
      check.k(k)
      return languageModel.predict(request)
    },

    async tokenLikelihoods(request) {
      check.sequence(request.inputIds)
      check.positions(request.inputIds, request.positions)
      return languageModel.likelihoods(request)
    },

    async patch(request) {
      const { inputIds, substitutions, patches } = request
      check.sequence(inputIds)
      check.substitutions(inputIds, substitutions)
      check.patches(inputIds, patches)
      check.positions(inputIds, request.place === null ? [] : [request.place])
      const asked = askedPlace(request.place)
      const { original, changed } = idsAt(inputIds, substitutions, asked)
      // A mask may cover the change: then the prediction there has no effect to measure.
      const place = original.some((id, position) => id !== changed[position]) ? asked : null
      const model = { parts, kind: info.details?.prediction ?? ('softmax' as const), vocabulary }
      return runPatches(model, await bothRuns(inputIds, substitutions, place), { ...request, place })
    },

    async answersByLayer({ inputIds, substitutions, ...request }) {
      check.sequence(inputIds)
      check.substitutions(inputIds, substitutions)
      check.positions(inputIds, request.place === null ? [] : [request.place])
      const place = askedPlace(request.place)
      if (place === null && parts.head !== 'classification') {
        fail('invalid-request', 'There is no head, or no place, whose answer could be read.')
      }
      return answersByLayer(parts, await bothRuns(inputIds, substitutions, place), {
        place,
        width,
        vocabulary,
      })
    },

    async tableNeighbors({ first, count, k, leftOut }) {
      check.k(k)
      check.tokens([first, first + count - 1])
      const isCounted = createEntryFilter(leftOut, vocabulary, tokenizer.specialIds)
      const counted = Array.from({ length: config.vocabularySize }, (_, id) => id).filter(isCounted)
      if (counted.length <= k) {
        fail('invalid-request', `${counted.length} entries of the word table have no ${k} neighbours each.`)
      }
      const asked = counted.filter((id) => id >= first && id < first + count)
      return (await parts.tableNeighbors()).nearest(asked, isCounted, k)
    },

    tokenizer,
    parts,
    bothRuns,
    encodeOriginal(inputIds) {
      check.sequence(inputIds)
      return encode(inputIds, [])
    },
    release: () => parts.release(),
  }
}
