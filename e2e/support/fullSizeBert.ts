import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

/** Sizes of `bert-base-uncased`. */
const LAYERS = 12
const WIDTH = 768
const INNER_WIDTH = 3072
const VOCABULARY = 30_522
const POSITIONS = 512
const LABELS = 2

export const CONFIG = {
  architectures: ['BertForSequenceClassification'],
  model_type: 'bert',
  hidden_act: 'gelu',
  hidden_size: WIDTH,
  intermediate_size: INNER_WIDTH,
  layer_norm_eps: 1e-12,
  max_position_embeddings: POSITIONS,
  num_attention_heads: 12,
  num_hidden_layers: LAYERS,
  pad_token_id: 0,
  type_vocab_size: 2,
  vocab_size: VOCABULARY,
  id2label: { 0: 'NEGATIVE', 1: 'POSITIVE' },
}

type Shapes = readonly (readonly [name: string, shape: readonly number[]])[]

const dense = (name: string, from: number, to: number): Shapes => [
  [`${name}.weight`, [to, from]],
  [`${name}.bias`, [to]],
]

const norm = (name: string): Shapes => [
  [`${name}.weight`, [WIDTH]],
  [`${name}.bias`, [WIDTH]],
]

const SHAPES: Shapes = [
  ['bert.embeddings.word_embeddings.weight', [VOCABULARY, WIDTH]],
  ['bert.embeddings.position_embeddings.weight', [POSITIONS, WIDTH]],
  ['bert.embeddings.token_type_embeddings.weight', [2, WIDTH]],
  ...norm('bert.embeddings.LayerNorm'),
  ...Array.from({ length: LAYERS }, (_, layer) => `bert.encoder.layer.${layer}`).flatMap((layer) => [
    ...['query', 'key', 'value'].flatMap((part) => dense(`${layer}.attention.self.${part}`, WIDTH, WIDTH)),
    ...dense(`${layer}.attention.output.dense`, WIDTH, WIDTH),
    ...norm(`${layer}.attention.output.LayerNorm`),
    ...dense(`${layer}.intermediate.dense`, WIDTH, INNER_WIDTH),
    ...dense(`${layer}.output.dense`, INNER_WIDTH, WIDTH),
    ...norm(`${layer}.output.LayerNorm`),
  ]),
  ...dense('bert.pooler.dense', WIDTH, WIDTH),
  ...dense('classifier', WIDTH, LABELS),
]

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)

export const PARAMETERS = SHAPES.reduce((sum, [, shape]) => sum + sizeOf(shape), 0)

/** Amplitude of weights drawn evenly, for BERT's initializer_range of 0.02. */
const AMPLITUDE = 0.02 * Math.sqrt(3)

const CHUNK = 2 ** 20

/** Fills values with Marsaglia's xorshift of 32 bits. @returns the last state */
function fillRandomly(values: Float32Array, seed: number): number {
  let state = seed
  for (let i = 0; i < values.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    values[i] = (state / 2 ** 31) * AMPLITUDE
  }
  return state
}

/** Writes `model.safetensors` of a BERT-base with seeded random weights in fp32, some 438 MB, a chunk at a time. */
export async function writeFullSizeBert(path: string): Promise<void> {
  let offset = 0
  const header = Object.fromEntries(
    SHAPES.map(([name, shape]) => {
      const begin = offset
      offset += 4 * sizeOf(shape)
      return [name, { dtype: 'F32', shape, data_offsets: [begin, offset] }]
    }),
  )
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  const file = createWriteStream(path)
  const write = async (bytes: Uint8Array) => {
    if (!file.write(bytes)) await once(file, 'drain')
  }
  await write(length)
  await write(json)
  let seed = 1
  for (const [name, shape] of SHAPES) {
    for (let left = sizeOf(shape); left > 0; left -= CHUNK) {
      const values = new Float32Array(Math.min(left, CHUNK))
      if (name.endsWith('LayerNorm.weight')) values.fill(1)
      else seed = fillRandomly(values, seed)
      await write(new Uint8Array(values.buffer))
    }
  }
  file.end()
  await once(file, 'close')
}
