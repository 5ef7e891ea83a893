import { fail } from '../core/failure'
import { PickleName, type PickleRules, readPickle } from './pickle'
import type { TorchStorage, TorchTensor } from './torchTensor'

const ORDERED_DICT = 'collections.OrderedDict'
const REBUILD_TENSOR = 'torch._utils._rebuild_tensor_v2'
const REBUILD_PARAMETER = 'torch._utils._rebuild_parameter'
const STORAGE = /^torch\.(\w+Storage)$/

/** Keys under which training scripts put the state dict when they save more with it. */
const NESTED_KEYS = ['state_dict', 'model_state_dict', 'model']

/** Largest number of characters of a refused name in a sentence. */
const MAX_NAME = 160

class Storage implements TorchStorage {
  readonly type: string
  readonly key: string
  readonly elements: number

  constructor(type: string, key: string, elements: number) {
    this.type = type
    this.key = key
    this.elements = elements
  }
}

class Tensor implements TorchTensor {
  readonly storage: TorchStorage
  readonly offset: number
  readonly shape: readonly number[]
  readonly stride: readonly number[]

  constructor(storage: TorchStorage, offset: number, shape: readonly number[], stride: readonly number[]) {
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.stride = stride
  }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const areCounts = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount)

function damaged(message: string): never {
  fail('damaged-file', message, { advice: 'Fetch the file again, or save it anew with torch.save.' })
}

function admit(path: string): void {
  if (path === ORDERED_DICT || path === REBUILD_TENSOR || path === REBUILD_PARAMETER || STORAGE.test(path)) {
    return
  }
  const name = path.length > MAX_NAME ? `${path.slice(0, MAX_NAME)}…` : path
  fail('unsupported-model', `The weights file holds more than tensors: it asks Python for ${name}.`, {
    kept: 'Nothing of it was run.',
    advice: 'If you trust it, open it in torch and save model.state_dict(), best as safetensors.',
  })
}

/**
 * Rebuilds a tensor: `_rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks,
 * metadata)`.
 */
function rebuildTensor([storage, offset, shape, stride]: readonly unknown[]): Tensor {
  if (!(storage instanceof Storage) || !isCount(offset) || !areCounts(shape) || !areCounts(stride)) {
    damaged('The weights file has a tensor without a valid storage, offset, shape or stride.')
  }
  if (shape.length !== stride.length) {
    damaged(`The weights file has a tensor of ${shape.length} dimensions and ${stride.length} strides.`)
  }
  return new Tensor(storage, offset, shape, stride)
}

function call(path: string, args: readonly unknown[]): unknown {
  if (path === REBUILD_TENSOR) return rebuildTensor(args)
  if (path === REBUILD_PARAMETER) {
    return args[0] instanceof Tensor
      ? args[0]
      : damaged('The weights file has a parameter that is no tensor.')
  }
  if (path === ORDERED_DICT && args.length === 0) return new Map()
  return damaged(`The weights file calls ${path} as torch does not.`)
}

/**
 * Reads a storage's id: `('storage', class, key, device, elements)`, before torch 1.6 with a sixth entry, which torch 0.3
 * used for views.
 */
function persistent(id: unknown): Storage {
  const [kind, type, key, , elements, view] = Array.isArray(id) ? (id as unknown[]) : []
  const storage = type instanceof PickleName ? STORAGE.exec(type.path) : null
  if (kind !== 'storage' || !storage || typeof key !== 'string' || !isCount(elements)) {
    damaged('The weights file has a storage without a valid type, name or size.')
  }
  if (view !== undefined && view !== null) {
    fail(
      'unsupported-model',
      'The weights file holds views of storages, as torch 0.3 and older wrote them.',
      {
        advice: 'Open it in torch and save it again: torch.save(torch.load(FILE, weights_only=True), FILE).',
      },
    )
  }
  return new Storage(storage[1], key, elements)
}

const hasTensors = (value: unknown): value is Map<unknown, unknown> =>
  value instanceof Map && [...value.values()].some((item) => item instanceof Tensor)

function stateDictOf(root: unknown): Map<unknown, unknown> {
  if (hasTensors(root)) return root
  const nested = root instanceof Map ? NESTED_KEYS.map((key) => root.get(key)).find(hasTensors) : undefined
  return (
    nested ??
    fail('unsupported-model', 'The weights file holds no state dict: no names with tensors.', {
      advice: 'Save model.state_dict() with torch.save.',
    })
  )
}

/** Holds what the pickle of a file of torch.save says. */
export interface StateDict {
  /** Tensors by name. */
  readonly tensors: ReadonlyMap<string, TorchTensor>
  /** Every storage that the pickle names, by key, those of other tensors than the state dict's too. */
  readonly storages: ReadonlyMap<string, TorchStorage>
  /** Length of the pickle. */
  readonly bytes: number
}

/**
 * Returns the tensors of a state dict by name, from the pickle that torch.save writes (torch/serialization.py; protocol
 * 2). It may name OrderedDict, tensors, parameters and storages; anything else is refused by its name before it is
 * interpreted. A state dict one level down, under `state_dict`, `model_state_dict` or `model`, is found too; values
 * that are no tensors (counters, `_metadata`) are left out.
 *
 * @throws FailureError `unsupported-model` or `damaged-file`
 */
export function readStateDict(pickle: Uint8Array): StateDict {
  const storages = new Map<string, TorchStorage>()
  const rules: PickleRules = {
    admit,
    call,
    persistent: (id) => {
      const storage = persistent(id)
      const former = storages.get(storage.key)
      if (former && (former.type !== storage.type || former.elements !== storage.elements)) {
        damaged(`The weights file has two storages of the name ${storage.key.slice(0, MAX_NAME)}.`)
      }
      storages.set(storage.key, storage)
      return storage
    },
  }
  const { value, bytes } = readPickle(pickle, rules)
  const tensors = new Map<string, TorchTensor>()
  for (const [name, item] of stateDictOf(value)) {
    if (typeof name === 'string' && item instanceof Tensor) tensors.set(name, item)
  }
  return { tensors, storages, bytes }
}
