import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ROOT } from '../scripts/build.mjs'
import { buildCliIfStale } from '../scripts/buildCli.mjs'
import { rest } from './page.mjs'
import { load, MODEL_FOLDER, THREADS } from './site.mjs'
import { ratioSpreadOf, spreadOf } from './statistics.mjs'

const LENGTHS = [128, 256]
const SUBSTITUTIONS = 5
/** Threads of PyTorch and of onnxruntime spin for a while after their work: they would slow what comes next. */
const REST_MS = 300
/** Side of the matrices whose product is the machine's own rate. */
const SIDE = 2048
/** Reviews of a short and of a longer run of the command, in both of which each core has its batches. */
const FEW = 8 * THREADS
const MANY = 24 * THREADS
/** Of the reviews that the longer run has more, those that the others are timed over. */
const TIMED = 8
/** Every how many rounds the command is run: it takes as long as many batches. */
const ROUNDS_PER_COMMAND = 2
/** Common words, of which the command's texts are made: reviews repeat theirs. */
const COMMON = 1500

/** @typedef {import('./report.mjs').Row} Row */

/**
 * Corpus propagation, an original and five substitutions a review: the engine of the command, and the command itself, against
 * PyTorch and against a loop over onnxruntime, one after the other in each round.
 *
 * @param {object} options
 * @param {string} options.python interpreter with torch and transformers
 * @param {number} options.rounds
 * @returns {Promise<Row[]>}
 */
export async function measureCli({ python, rounds }) {
  const torch = await openTorch(python)
  const native = await openNative()
  try {
    /** @type {Row[]} */
    const rows = []
    for (const length of LENGTHS) {
      rows.push(...(await compare(native, torch, length, rounds)))
      rows.push(...(await measureCommand(native, torch, length, rounds)))
      console.error(`cli: ${length} tokens done`)
    }
    return rows
  } finally {
    torch.close()
    await native.release()
  }
}

/**
 * @param {Awaited<ReturnType<typeof openNative>>} native
 * @param {Awaited<ReturnType<typeof openTorch>>} torch
 * @param {number} length @param {number} rounds
 * @returns {Promise<Row[]>}
 */
async function compare(native, torch, length, rounds) {
  /** @type {Record<'engine' | 'spinning' | 'loop' | 'eager' | 'sdpa' | 'torchProduct' | 'product', number[]>} */
  const times = { engine: [], spinning: [], loop: [], eager: [], sdpa: [], torchProduct: [], product: [] }
  for (let round = -2; round < rounds; round++) {
    const batch = native.batchOf(length, round)
    await rest(REST_MS)
    const torchProduct = await torch.ask({ size: SIDE })
    await rest(REST_MS)
    const product = await native.product()
    await rest(REST_MS)
    const engine = await native.engine(batch)
    await rest(REST_MS)
    const spinning = await native.spinning(batch)
    await rest(REST_MS)
    const eager = await torch.ask({ attention: 'eager', ids: batch })
    await rest(REST_MS)
    const loop = await native.loop(batch)
    await rest(REST_MS)
    const sdpa = await torch.ask({ attention: 'sdpa', ids: batch })
    requireEqual(engine.distances, eager.distances.flat())
    requireEqual(loop.distances, eager.distances.flat())
    // The first rounds warm up.
    if (round < 0) continue
    times.engine.push(engine.ms)
    times.spinning.push(spinning.ms)
    times.loop.push(loop.ms)
    times.eager.push(eager.ms)
    times.sdpa.push(sdpa.ms)
    // What the products of the batch would take at that rate.
    const share = native.operations(length) / (2 * SIDE ** 3)
    times.torchProduct.push(torchProduct.ms * share)
    times.product.push(product.ms * share)
  }
  const tokens = (1 + SUBSTITUTIONS) * length
  const perSecond = (/** @type {number[]} */ values) => Math.round((1000 * tokens) / spreadOf(values).median)
  const what = `${1 + SUBSTITUTIONS} × ${length} tokens`
  return [
    .../** @type {const} */ ([
      ['product', 'onnxruntime'],
      ['torchProduct', 'PyTorch'],
    ]).map(
      /** @returns {Row} */ ([id, name]) => ({
        id: `cli-${id}-${length}`,
        name: `${what}: our engine / its products alone at the rate of ${name}'s ${SIDE} × ${SIDE} product`,
        unit: '×',
        value: ratioSpreadOf(times.engine, times[id]),
        note: `${perSecond(times.engine)} tokens a second`,
      }),
    ),
    .../** @type {const} */ ([
      ['eager', 'PyTorch eager'],
      ['sdpa', 'PyTorch sdpa'],
      ['loop', 'a loop over onnxruntime'],
      ['spinning', 'the same with threads that spin without end'],
    ]).map(
      /** @returns {Row} */ ([id, name]) => ({
        id: `cli-${id}-${length}`,
        name: `${what}: our engine / ${name}`,
        unit: '×',
        value: ratioSpreadOf(times.engine, times[id]),
        note: `${perSecond(times[id])} tokens a second`,
      }),
    ),
  ]
}

/** @param {ArrayLike<number>} found @param {ArrayLike<number>} expected */
function requireEqual(found, expected) {
  if (found.length !== expected.length) throw new Error(`${found.length} distances, not ${expected.length}`)
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(found[i] - expected[i]) / Math.max(expected[i], 1)
    if (!(error < 1e-4)) throw new Error(`distance ${i} is ${found[i]}, in PyTorch ${expected[i]}`)
  }
}

/**
 * The command, from its start to its files: what each further review takes, with substitutes and files, against the same
 * forwards by others in the same round; and the whole of it against its further reviews.
 *
 * @param {Awaited<ReturnType<typeof openNative>>} native
 * @param {Awaited<ReturnType<typeof openTorch>>} torch
 * @param {number} length @param {number} rounds
 * @returns {Promise<Row[]>}
 */
async function measureCommand(native, torch, length, rounds) {
  await buildCliIfStale()
  const folder = await mkdtemp(join(tmpdir(), 'ripplescope-bench-'))
  /** @type {Record<'whole' | 'further' | 'engine' | 'loop' | 'eager' | 'sdpa' | 'torchProduct' | 'product', number[]>} */
  const times = {
    whole: [],
    further: [],
    engine: [],
    loop: [],
    eager: [],
    sdpa: [],
    torchProduct: [],
    product: [],
  }
  const further = MANY - FEW
  /** @param {(batch: number[][]) => Promise<{ ms: number }>} measure */
  const timed = async (measure) => {
    await rest(REST_MS)
    let ms = 0
    for (let i = 0; i < TIMED; i++) ms += (await measure(native.batchOf(length, i))).ms
    return (ms * further) / TIMED
  }
  const share = (further * native.operations(length)) / (2 * SIDE ** 3)
  try {
    const files = [FEW, MANY].map((count) => join(folder, `${count}.jsonl`))
    for (const [i, count] of [FEW, MANY].entries()) await writeFile(files[i], native.textsOf(length, count))
    for (let round = 0; round < Math.max(1, Math.floor(rounds / ROUNDS_PER_COMMAND)); round++) {
      await rest(REST_MS)
      const few = await runCommand(files[0], join(folder, `few-${round}`))
      const many = await runCommand(files[1], join(folder, `many-${round}`))
      times.whole.push(many)
      times.further.push(many - few)
      times.engine.push(await timed(native.engine))
      times.loop.push(await timed(native.loop))
      times.eager.push(await timed((ids) => torch.ask({ attention: 'eager', ids })))
      times.sdpa.push(await timed((ids) => torch.ask({ attention: 'sdpa', ids })))
      await rest(REST_MS)
      times.torchProduct.push((await torch.ask({ size: SIDE })).ms * share)
      await rest(REST_MS)
      times.product.push((await native.product()).ms * share)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const perReview = (1 + SUBSTITUTIONS) * length
  const perSecond = (/** @type {number[]} */ values, /** @type {number} */ reviews) =>
    `${Math.round((1000 * perReview * reviews) / spreadOf(values).median)} tokens a second`
  const what = `the command, each further review of ${length} tokens`
  return [
    .../** @type {const} */ ([
      ['product', "its products alone at the rate of onnxruntime's product", 1 / 0.95],
      ['torchProduct', "its products alone at the rate of PyTorch's product", 1 / 0.95],
      ['eager', 'PyTorch eager', 1 / 1.25],
      ['sdpa', 'PyTorch sdpa', undefined],
      ['loop', 'a loop over onnxruntime', 1 / 1.2],
      ['engine', 'our engine with all threads on one forward', undefined],
    ]).map(
      /** @returns {Row} */ ([id, name, goal]) => ({
        id: `cli-command-${id}-${length}`,
        name: `${what} / ${name}`,
        unit: '×',
        goal,
        value: ratioSpreadOf(times.further, times[id]),
        note: `${perSecond(times.further, further)}, ${perSecond(times[id], further)}`,
      }),
    ),
    {
      id: `cli-command-whole-${length}`,
      name: `the command over ${MANY} reviews of ${length} tokens, its start included / so many further reviews`,
      unit: '×',
      value: ratioSpreadOf(
        times.whole,
        times.further.map((ms) => (ms * MANY) / further),
      ),
      note: perSecond(times.whole, MANY),
    },
  ]
}

/** @param {string} file @param {string} out @returns {Promise<number>} milliseconds */
async function runCommand(file, out) {
  const started = performance.now()
  const settings = [
    `--least-impactful=${SUBSTITUTIONS}`,
    '--random-positions=0',
    '--perturbations=none',
    '--readings=0',
  ]
  const args = ['run', file, `--threads=${THREADS}`, '--quiet', `--out=${out}`, ...settings]
  const child = spawn(process.execPath, [join(ROOT, 'bin/ripplescope.mjs'), ...args], { stdio: 'inherit' })
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`ripplescope run ended with ${code}`)
  return performance.now() - started
}

/** PyTorch in a process of its own, which answers one question at a time. @param {string} python */
async function openTorch(python) {
  const child = spawn(python, [join(ROOT, 'bench/cliTorch.py'), MODEL_FOLDER, String(THREADS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const failed = new Promise((_, reject) => {
    child.on('error', reject)
    child.on('close', (code) => reject(new Error(`${python} ended with ${code}`)))
  })
  failed.catch(() => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async () => JSON.parse(/** @type {any} */ (await Promise.race([lines.next(), failed])).value)
  await answer()
  return {
    /** @param {object} question */
    ask: (question) => {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      return answer()
    },
    close: () => child.stdin.end(),
  }
}

async function openNative() {
  const { createCorpusEngine } = await load('src/engine/corpusEngine.ts')
  const { createNodeRuntime } = await load('src/engine/nodeRuntime.ts')
  const { openModel } = await load('src/engine/openedModel.ts')
  const { readModelFiles } = await load('src/engine/readModelFiles.ts')
  const { measureAll } = await load('src/corpus/measureSequence.ts')
  const { LIMITS } = await load('src/cli/measureBatch.ts')
  /** @type {import('../src/engine/openedModel').OpenedModel} */
  const model = await openModel(createNodeRuntime(THREADS), await readModelFiles(MODEL_FOLDER))
  /** @type {import('../src/core/corpus/corpusEngine').CorpusEngine} */
  const engine = createCorpusEngine(model)
  /** @type {import('../src/engine/openedModel').OpenedModel} */
  const spinningModel = await openModel(
    createNodeRuntime(THREADS, { spinning: true }),
    await readModelFiles(MODEL_FOLDER),
  )
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
    /** Multiplications and additions of the products of one batch. @param {number} length */
    operations: (length) =>
      (1 + SUBSTITUTIONS) *
      layers *
      (2 * length * (4 * width ** 2 + 2 * width * inner) + 4 * length ** 2 * width),
    /** An original and its changed sequences. @param {number} length @param {number} index */
    batchOf(length, index) {
      const original = idsOf(length, index)
      const changed = Array.from({ length: SUBSTITUTIONS }, (_, i) =>
        original.map((id, position) => (position === 3 * i + 5 ? words[(id + i) % words.length] : id)),
      )
      return [original, ...changed]
    },
    /** Reviews that the model reads as so many tokens, as JSON lines. @param {number} length @param {number} count */
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
     * What a script does without more thought: each sequence alone, all hidden states fetched, distances in JavaScript.
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

  /** The product of two matrices, which the machine can do no faster. */
  async function openProduct() {
    const { createNodeRuntime } = await load('src/engine/nodeRuntime.ts')
    const { GraphBuilder } = await load('src/onnx/graphBuilder.ts')
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

  /** The model by ONNX's standard operators, as an exporter writes it: ids in, hidden states out. */
  async function openPlain() {
    const { createNodeRuntime } = await load('src/engine/nodeRuntime.ts')
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
