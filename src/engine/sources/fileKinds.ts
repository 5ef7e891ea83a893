import { fail } from '../../core/failure'
import { printable } from '../../core/text/printable'
import { type FolderFile, type ModelFolder, refusePointer } from './modelFolder'

interface FileKind {
  /** Words that complete “this is …”. */
  readonly words: string
  readonly names: RegExp
  /** First bytes, as Latin-1 in lower case; none where only a name tells. */
  readonly magic?: readonly string[]
  readonly advice: string
}

const CONVERT = "Look for the same model with safetensors, or save it so with transformers' save_pretrained."
const UNPACK = 'Unpack it, and drop the folder that comes out of it.'

/** Files that people take for a model's folder or its weights, by name and by first bytes. */
const KINDS: readonly FileKind[] = [
  {
    words: 'a GGUF file (llama.cpp), whose weights are quantised in blocks',
    names: /\.(gguf|ggml)$/i,
    magic: ['gguf'],
    advice: CONVERT,
  },
  {
    words: 'an archive',
    names: /\.(zip|tar|tgz|gz|bz2|xz|zst|7z|rar)$/i,
    // No zip by its bytes: torch's own files are such.
    magic: ['\x1f\x8b\x08', 'bzh', '\xfd7zxz', '\x28\xb5\x2f\xfd', '7z\xbc\xaf', 'rar!'],
    advice: UNPACK,
  },
  {
    words: 'a picture',
    names: /\.(png|jpe?g|gif|webp|bmp|svg|heic|tiff?|avif)$/i,
    magic: ['\x89png', '\xff\xd8\xff', 'gif8', 'riff'],
    advice: 'Drop the folder of a model here.',
  },
  {
    words: 'a PDF document',
    names: /\.pdf$/i,
    magic: ['%pdf'],
    advice: 'Drop the folder of a model here.',
  },
  {
    words: 'a web page, perhaps what a site answered in the place of the file',
    names: /\.html?$/i,
    magic: ['<!doctype html', '<html'],
    advice: 'Download the file itself, from the “download” link beside it.',
  },
  {
    words: 'a file of TensorFlow or Keras',
    names: /\.(h5|keras|pb|tflite)$/i,
    magic: ['\x89hdf'],
    advice: CONVERT,
  },
  { words: 'a file of Flax', names: /\.msgpack$/i, advice: CONVERT },
  { words: 'a file of Core ML', names: /\.(mlmodel|mlpackage)$/i, advice: CONVERT },
]

const RENAME = 'Name it pytorch_model.bin if torch.save wrote it, and open the folder again.'

/** Kinds that are weights under their own name, but not under that of safetensors. */
const TORCH_KINDS: readonly FileKind[] = [
  {
    words: 'no safetensors but a zip archive, as torch.save writes it',
    names: /(?!)/,
    magic: ['pk\x03\x04'],
    advice: RENAME,
  },
  {
    words: 'no safetensors but a pickle, as torch.save wrote it before torch 1.6',
    names: /(?!)/,
    magic: ['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'],
    advice: RENAME,
  },
]

const HEAD_BYTES = 64

const latin = (bytes: ArrayBuffer) => String.fromCharCode(...new Uint8Array(bytes))

/** Recognises the header of a safetensors file, which begins after eight bytes of its length of any value. */
const isSafetensors = (head: string) => head[8] === '{'

/** Tells what a file is by its first bytes; null where they are of none of these kinds. */
async function kindOfBytes(blob: Blob, kinds = KINDS): Promise<FileKind | null> {
  const head = latin(await blob.slice(0, HEAD_BYTES).arrayBuffer())
  if (isSafetensors(head)) return null
  const text = head.trimStart().toLowerCase()
  return kinds.find(({ magic = [] }) => magic.some((bytes) => text.startsWith(bytes))) ?? null
}

/** Completes a sentence about files of this name; null where the name says nothing. */
export const kindInWords = (path: string): string | null => kindOfName(path)?.words ?? null

const kindOfName = (path: string): FileKind | null => KINDS.find(({ names }) => names.test(path)) ?? null

/**
 * Refuses weights that are something else under the name of weights.
 *
 * @param blob the file, or its beginning
 * @throws FailureError `damaged-file`
 */
export async function refuseOtherKind(path: string, blob: Blob): Promise<void> {
  await refusePointer(path, blob)
  const kinds = /\.safetensors$/.test(path) ? [...TORCH_KINDS, ...KINDS] : KINDS
  const kind = await kindOfBytes(blob, kinds)
  if (kind) {
    fail('damaged-file', `${printable(path)} is ${kind.words}.`, {
      kept: 'The model that was open stays open.',
      advice: kind.advice,
    })
  }
}

/**
 * Says what there is where no model was found; nothing where it cannot tell.
 *
 * @throws FailureError `unsupported-model`
 */
export async function refuseByKind(folder: ModelFolder, files: readonly FolderFile[]): Promise<void> {
  const adapter = files.find(({ path }) => /(^|\/)adapter_config\.json$/.test(path))
  if (adapter) await refuseAdapter(folder, adapter)
  for (const file of files) {
    const kind = kindOfName(file.path) ?? (folder.local ? await kindOfBytes(await folder.read(file)) : null)
    // Pictures and documents are in the folders of many models.
    if (!kind || (files.length > 1 && kind.advice !== CONVERT && kind.advice !== UNPACK)) continue
    const names = files
      .filter(({ path }) => kind.names.test(path))
      .map(({ path }) => printable(path).slice(0, 80))
    const others = names.length > 1 ? ` (one of ${names.length} such files)` : ''
    fail('unsupported-model', `${printable(file.path)}${others} is ${kind.words}.`, {
      kept: 'The model that was open stays open.',
      advice: kind.advice,
    })
  }
  const [only] = files
  if (files.length === 1 && /\.(safetensors|bin|onnx)$/.test(only.path)) {
    fail('missing-file', `${printable(only.path)} holds weights alone: there is no config.json with it.`, {
      kept: 'The model that was open stays open.',
      advice: 'Drop its whole folder, or pick config.json, the tokenizer’s files and the weights together.',
    })
  }
}

async function refuseAdapter(folder: ModelFolder, file: FolderFile): Promise<never> {
  const config: unknown = await folder
    .read(file)
    .then(async (blob) => JSON.parse(await blob.text()))
    .catch(() => null)
  const base =
    typeof config === 'object' && config !== null && 'base_model_name_or_path' in config
      ? ` (${printable(String(config.base_model_name_or_path)).slice(0, 120)})`
      : ''
  return fail(
    'unsupported-model',
    `${folder.name} is an adapter (PEFT): a change to another model${base}, without that model's weights.`,
    {
      kept: 'The model that was open stays open.',
      advice:
        'Merge it into its base model with peft (merge_and_unload), save that, and drop its folder here.',
    },
  )
}
