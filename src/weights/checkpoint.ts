import { fail } from '../core/failure'
import { readSafetensorsHeader } from './safetensors'
import type { TensorDtype, TensorLocation } from './tensor'

/** Holds one file of weights. */
export interface WeightsFile {
  /** Name by which the graph refers to the file. */
  readonly name: string
  readonly blob: Blob
}

/** Locates one tensor in one of several files. */
export interface StoredTensor extends TensorLocation {
  readonly fileName: string
}

/** Holds the weights of a model as stored in their files: one, or several shards. */
export interface Checkpoint {
  readonly files: readonly WeightsFile[]
  readonly tensors: ReadonlyMap<string, StoredTensor>
  /** Tensors of element types that are not read, with the type's name in their file. */
  readonly unread?: ReadonlyMap<string, string>
}

/** Returns compressed-tensors' name for the scales of a quantised tensor. */
export const scaleNameOf = (name: string) => `${name}_scale`

/** Opens a checkpoint in one safetensors file. */
export function openCheckpoint(fileName: string, blob: Blob): Promise<Checkpoint> {
  return openShards([{ name: fileName, blob }])
}

/**
 * Opens a checkpoint in several safetensors files (`model-00001-of-00002.safetensors`, ...): together they hold each
 * tensor once, and each file's own header lists its tensors.
 *
 * @throws FailureError `damaged-file` where a file is damaged or two hold a tensor of one name
 */
export async function openShards(files: readonly WeightsFile[]): Promise<Checkpoint> {
  return { files, tensors: await readHeaders(files) }
}

/** Holds a safetensors file, or at least its header. */
export interface HeaderFile {
  readonly name: string
  readonly blob: Pick<Blob, 'size' | 'slice'>
}

/**
 * Reads which tensors several safetensors files hold, from their headers alone.
 *
 * @throws FailureError as openShards does
 */
export async function readHeaders(files: readonly HeaderFile[]): Promise<ReadonlyMap<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>()
  for (const { name: fileName, blob } of files) {
    for (const [name, tensor] of await readSafetensorsHeader(blob)) {
      const former = tensors.get(name)
      if (former) fail('damaged-file', `Tensor ${name} lies in ${former.fileName} and in ${fileName}.`)
      tensors.set(name, { ...tensor, fileName })
    }
  }
  return tensors
}

/** Returns the name of a tensor behind a prefix that most tensors have, as where a wrapper was saved; null without. */
function wrappedName({ tensors }: Checkpoint, name: string): string | null {
  const names = [...tensors.keys()]
  const wrapped = names.find((other) => other.endsWith(`.${name}`))
  if (wrapped === undefined) return null
  const prefix = wrapped.slice(0, -name.length)
  return 2 * names.filter((other) => other.startsWith(prefix)).length > names.length ? wrapped : null
}

/**
 * Returns a tensor that the architecture requires, with this shape.
 *
 * @throws FailureError `unsupported-model`
 */
export function requireTensor(checkpoint: Checkpoint, name: string, shape: readonly number[]): StoredTensor {
  const tensor = checkpoint.tensors.get(name)
  const unread = checkpoint.unread?.get(name)
  if (unread !== undefined) {
    fail('unsupported-model', `Tensor ${name} is of type ${unread}, which is not read.`, {
      advice: 'Convert the model to float32, float16 or bfloat16, and save it again.',
    })
  }
  if (!tensor) {
    const wrapped = wrappedName(checkpoint, name)
    fail('unsupported-model', `The weights file has no tensor ${name}.`, {
      advice: wrapped
        ? `It has ${wrapped}: a wrapper of the model was saved (DataParallel, a class of one's own). Save the model inside it ` +
          'with save_pretrained.'
        : 'Check that config.json and the weights belong together.',
    })
  }
  if (tensor.shape.join() !== shape.join()) {
    fail('unsupported-model', `Tensor ${name} has shape [${tensor.shape}]; config.json asks for [${shape}].`)
  }
  return tensor
}

const PRECISION_NAMES: Readonly<Record<TensorDtype, string>> = {
  F64: 'fp64',
  F32: 'fp32',
  F16: 'fp16',
  BF16: 'bf16',
  I8: 'int8',
}

/** Returns the format of most of the file's bytes, for display: `int8 weights, fp32 compute`. */
export function precisionOf(checkpoint: Checkpoint): string {
  const bytes = new Map<TensorDtype, number>()
  for (const { dtype, length } of checkpoint.tensors.values()) {
    bytes.set(dtype, (bytes.get(dtype) ?? 0) + length)
  }
  const [dtype] = [...bytes].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['F32', 0])
  return `${PRECISION_NAMES[dtype as TensorDtype]} weights, fp32 compute`
}

/** Counts the weights, without the scales of quantised tensors. */
export function parameterCount(checkpoint: Checkpoint): number {
  let count = 0
  for (const { name, shape } of checkpoint.tensors.values()) {
    if (name.endsWith('_scale')) continue
    count += shape.reduce((product, size) => product * size, 1)
  }
  return count
}
