import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { load, MODEL_FOLDER, openNativeModel, THREADS } from './site.mjs'

export const SUBSTITUTIONS = 5
/** Threads of PyTorch and of onnxruntime spin for a while after their work: they would slow what comes next. */
export const REST_MS = 300
/** Side of the matrices whose product is the machine's own rate. */
export const SIDE = 2048
/** Common words, of which the command's texts are made: reviews repeat theirs. */
const COMMON = 1500

/** @typedef {Awaited<ReturnType<typeof openNative>>} Native */

/** Opens what onnxruntime runs in Node: our engine, a loop without it, and a product alone. */
export async function openNative() {
  const { createCorpusEngine } = await load('src/engine/corpusEngine.ts')
  const { measureAll } = await load('src/corpus/run/measureSequence.ts')
  const { LIMITS } = await load('src/cli/run/measureBatch.ts')
  const model = await openNativeModel()
  /** @type {import('../src/core/corpus/corpusEngine').CorpusEngine} */
  const engine = createCorpusEngine(model)
  const spinningModel = await openNativeModel({ spinning: true })
  const spinningEngine = createCorpusEngine(spinningModel)
  const { layers: depth, labels } = model.info
  const plain = await openPlain()
  const product = await openProduct()
  const words = model.vocabulary.flatMap((token, id) => (/^[a-z]{4,}$/.test(token) ? [id] : []))
  const config = JSON.parse(await readFile(join(MODEL_FOLDER, 'config.json'), 'utf8'))
  const { hidden_size: width, intermediate_size: inner, num_hidden_layers: layers } = config
  const [before, after] = [model.tokenizer.framed([]).inputIds[0], model.tokenizer.framed([]).inputIds[1]]

  /** @param {number} length @param {number} index */
  const idsOf = (length, index) => [
    before,
    ...Array.from({ length: length - 2 }, (_, i) => words[((index + 3) * 7919 + i * 104_729) % words.length]),
    after,
  ]

  return {
    release: () => Promise.all([model.release(), spinningModel.release()]),
    /** Returns the number of multiplications and additions of the products of one batch. @param {number} length */
    operations: (length) =>
      (1 + SUBSTITUTIONS) *
      layers *
      (2 * length * (4 * width ** 2 + 2 * width * inner) + 4 * length ** 2 * width),
    /** Returns an original and its changed sequences. @param {number} length @param {number} index */
    batchOf(length, index) {
      const original = idsOf(length, index)
      const changed = Array.from({ length: SUBSTITUTIONS }, (_, i) =>
        original.map((id, position) => (position === 3 * i + 5 ? words[(id + i) % words.length] : id)),
      )
      return [original, ...changed]
    },
    /**
     * Returns reviews that the model reads as so many tokens, as JSON lines.
     * @param {number} length @param {number} count
     */
    textsOf: (length, count) =>
      Array.from({ length: count }, (_, index) => {
        const text = Array.from(
          { length: length - 2 },
          (_, i) => model.vocabulary[words[((index + 3) * 7919 + i * 104_729) % COMMON]],
        )
        return `${JSON.stringify({ text: text.join(' ') })}\n`
      }).join(''),
    product,
    /** @param {number[][]} batch */
    engine: (batch) => propagate(engine, batch),
    /** @param {number[][]} batch */
    spinning: (batch) => propagate(spinningEngine, batch),
    /**
     * Runs a batch as a simple script would: each sequence alone, all hidden states fetched, distances in JavaScript.
     *
     * @param {number[][]} batch
     */
    async loop(batch) {
      const started = performance.now()
      /** @type {Float32Array[] | null} */
      let original = null
      /** @type {number[]} */
      const distances = []
      for (const ids of batch) {
        const hidden = await plain.hiddenStates(ids)
        if (original)
          distances.push(...hidden.map((state, layer) => distanceOf(state, original?.[layer] ?? state)))
        else original = hidden
      }
      return { ms: performance.now() - started, distances }
    },
  }

  /**
   * @param {import('../src/core/corpus/corpusEngine').CorpusEngine} by
   * @param {number[][]} batch
   */
  async function propagate(by, [original, ...changed]) {
    const variants = changed.map((inputIds) => ({ inputIds }))
    const limits = { engine: by, layers: depth, labels, limits: LIMITS }
    const started = performance.now()
    const { distances } = await measureAll(limits, original, variants)
    return { ms: performance.now() - started, distances }
  }

  /** @param {Float32Array} a @param {Float32Array} b */
  function distanceOf(a, b) {
    let squares = 0
    for (let i = 0; i < a.length; i++) squares += (a[i] - b[i]) ** 2
    return Math.sqrt(squares)
  }

  /** Opens the product of two matrices, the machine's own limit. */
  async function openProduct() {
    const { createNodeRuntime } = await load('src/engine/forward/nodeRuntime.ts')
    const { GraphBuilder } = await load('src/onnx/builder/graphBuilder.ts')
    const builder = new GraphBuilder()
    const dims = [SIDE, SIDE]
    const [a, b] = ['a', 'b'].map((name) => builder.input(name, 'float', dims))
    builder.output(builder.node('MatMul', [a, b], { name: 'product' }), 'float', dims)
    const runtime = createNodeRuntime(THREADS, { spinning: true })
    const session = await runtime.open(builder.build())
    const values = Float32Array.from({ length: SIDE ** 2 }, (_, i) => Math.sin(i))
    const feeds = { a: runtime.float(values, dims), b: runtime.float(values, dims) }
    return async () => {
      const started = performance.now()
      await session.run(feeds, ['product'])
      return { ms: performance.now() - started }
    }
  }

  /** Opens the model in ONNX's standard operators, as an exporter writes it: ids in, hidden states out. */
  async function openPlain() {
    const { createNodeRuntime } = await load('src/engine/forward/nodeRuntime.ts')
    const { writePlainGraph } = await load('bench/plainGraph.ts')
    const graph = await writePlainGraph(MODEL_FOLDER)
    const runtime = createNodeRuntime(THREADS, { spinning: true })
    const session = await runtime.open(graph.bytes, graph.checkpoint)
    return {
      /** @param {number[]} ids @returns {Promise<Float32Array[]>} */
      async hiddenStates(ids) {
        const feeds = { input_ids: runtime.int64(ids, [1, ids.length]) }
        const results = await session.run(feeds, graph.outputs)
        return graph.outputs.map((/** @type {string} */ name) => results[name].data)
      },
    }
  }
}
