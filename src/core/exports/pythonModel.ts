import type { ModelInfo } from '../explorer'
import { BUILT_IN_VOCABULARY, originOf } from '../modelSource'
import { pythonComment, pythonString } from './pythonLiterals'

/** Names transformers' class for a model with such a head. */
const CLASSES = {
  none: 'AutoModel',
  classification: 'AutoModelForSequenceClassification',
  'masked-lm': 'AutoModelForMaskedLM',
  'causal-lm': 'AutoModelForCausalLM',
} as const

/** Holds the part of a program that loads a model as `model`, in fp32, and its tokenizer as `tokenizer`. */
export interface PythonModel {
  /** Import lines: modules of the standard library, and packages. */
  readonly imports: readonly string[]
  /** Constants that name the model and its file. */
  readonly constants: string
  readonly load: string
}

/**
 * Returns the model's head; results shipped before other families were supported come from a classifier if they have
 * labels.
 */
export function headOf({ details, labels }: ModelInfo) {
  return details?.head ?? (labels.length > 0 ? 'classification' : 'none')
}

/** Returns the id without the tokenizer that it names. */
const ownId = ({ id, details }: ModelInfo) =>
  details?.tokenizer !== undefined && id.endsWith(`+${details.tokenizer}`)
    ? id.slice(0, -details.tokenizer.length - 1)
    : id

/** Model of the Hub with the same vocabulary as the built-in one. */
const BUILT_IN_TOKENIZER = 'google-bert/bert-base-uncased'

/** Writes the constant that names another model's tokenizer; empty where the model has its own. */
function tokenizerConstant({ details }: ModelInfo): string {
  const name = details?.tokenizer
  if (name === undefined) return ''
  const ofHub = name === BUILT_IN_VOCABULARY ? BUILT_IN_TOKENIZER : name.split('@')[0]
  return `\n# The model comes without a tokenizer.\nTOKENIZER = ${pythonString(ofHub)}`
}

/** Writes the constants that name the model and its tokenizer. */
const constantsOf = (model: ModelInfo) => modelConstants(model) + tokenizerConstant(model)

/** Writes the constants that name the model: its name on the Hub, or a folder that the user fills in. */
function modelConstants(model: ModelInfo): string {
  const { provenance, details } = model
  const id = ownId(model)
  if (originOf(id) === 'hub') {
    // A commit where it is known: a branch moves on.
    const [name, revision = 'main'] = id.split('@')
    return `MODEL = ${pythonString(name)}\nREVISION = ${pythonString(provenance.revision ?? revision)}`
  }
  const address = originOf(id) === 'url'
  const files = details?.files ?? ['model.safetensors']
  const comment = pythonComment(
    address
      ? `The folder that the files of ${id} were saved to.`
      : `The model's folder: config.json, the tokenizer's files and ${files.join(', ')}.`,
  )
  const folder = address ? 'model' : id.replace(/^\.\//, '')
  const check = files.length === 1 ? `\nSHA256 = ${pythonString(provenance.sha256)}` : ''
  return `${comment}\nMODEL = Path(${pythonString(folder)})${check}`
}

/** Writes code that refuses another file than the open model's; several shards have no single sum to check. */
function checkOf({ id, details }: ModelInfo): string {
  const files = details?.files ?? ['model.safetensors']
  if (originOf(id) === 'hub' || files.length > 1) return ''
  return `weights = MODEL / ${pythonString(files[0])}
found = hashlib.sha256(weights.read_bytes()).hexdigest()
if found != SHA256:
    raise SystemExit(f"{weights} is another model: sha256 {found}")

`
}

/** Says whether matrices are stored as int8 with a scale per row, which transformers multiplies out differently. */
const isScaled = ({ provenance }: ModelInfo) => provenance.precision.startsWith('int8 weights')

/** Writes the line that opens the tokenizer. @param revision of the model, as an argument */
function tokenizerLine({ details }: ModelInfo, revision: string): string {
  const [name, at] = details?.tokenizer?.split('@') ?? []
  if (name === undefined) return `tokenizer = AutoTokenizer.from_pretrained(MODEL${revision})\n`
  const of = at === undefined ? '' : `, revision=${pythonString(at)}`
  return `tokenizer = AutoTokenizer.from_pretrained(TOKENIZER${of})\n`
}

function pretrained(model: ModelInfo, className: string): string {
  const revision = originOf(model.id) === 'hub' ? ', revision=REVISION' : ''
  return `${checkOf(model)}model = ${className}.from_pretrained(
    MODEL${revision}, dtype=torch.float32, attn_implementation="eager"
).eval()
${tokenizerLine(model, revision)}`
}

function multipliedOut(model: ModelInfo, className: string): string {
  return `${checkOf(model)}# int8 matrices are multiplied by their scale, one a row; all computing is fp32.
stored = load_file(weights)
tensors = {}
for name, tensor in stored.items():
    if name.endswith(".weight_scale"):
        continue
    tensors[name] = tensor.float()
    if tensor.dtype == torch.int8:
        tensors[name] *= stored[name.removesuffix(".weight") + ".weight_scale"].float()

settings = json.loads((MODEL / "config.json").read_text())
settings.pop("quantization_config", None)
config = AutoConfig.for_model(**settings)
model = ${className}.from_config(config, attn_implementation="eager").float()
unexpected = model.load_state_dict(tensors, strict=False).unexpected_keys
if unexpected:
    raise SystemExit(f"{weights} holds tensors that this class does not have: {unexpected}")
model.eval()
${tokenizerLine(model, '')}`
}

/** Says whether transformers can load a model: it reads no ONNX file, and of int8 ones the program takes one file. */
export function hasPython({ id, details, provenance }: ModelInfo): boolean {
  if (!details) return true
  const { format, files } = details
  const scaled = provenance.precision.startsWith('int8')
  return format !== 'onnx' && (!scaled || (files.length === 1 && originOf(id) !== 'hub'))
}

/** @param model of which `hasPython` holds */
export function pythonModel(model: ModelInfo): PythonModel {
  const className = CLASSES[headOf(model)]
  const local = originOf(model.id) !== 'hub'
  const single = (model.details?.files.length ?? 1) === 1
  const scaled = isScaled(model) && local && single
  return {
    imports: [
      ...(local && single ? ['import hashlib'] : []),
      ...(scaled ? ['import json'] : []),
      ...(local ? ['from pathlib import Path'] : []),
      '',
      'import torch',
      ...(scaled ? ['from safetensors.torch import load_file'] : []),
      `from transformers import ${scaled ? 'AutoConfig, ' : ''}${className}, AutoTokenizer`,
    ],
    constants: constantsOf(model),
    load: scaled ? multipliedOut(model, className) : pretrained(model, className),
  }
}
