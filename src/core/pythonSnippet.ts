import type { Substitution } from './substitution'

/** What a snippet reproduces. */
export interface PythonSnippetInput {
  readonly modelId: string
  /** Of `model.safetensors`, lower-case hex. */
  readonly sha256: string
  /** Whether the model has a classification head. */
  readonly hasHead: boolean
  readonly text: string
  /** The text as the model reads it, special tokens included. */
  readonly inputIds: readonly number[]
  readonly substitutions: readonly Substitution[]
}

/**
 * A Python string literal of ASCII characters only. Python has no surrogate pairs: what lies beyond the first plane is
 * written `\U0001f3ac`; half a pair, which no text file can hold, becomes U+FFFD.
 */
export function pythonString(text: string): string {
  const escaped = [...text].map((character) => {
    const code = character.codePointAt(0) ?? 0
    if (character === '"' || character === '\\') return `\\${character}`
    if (character === '\n') return '\\n'
    if (code >= 0x20 && code < 0x7f) return character
    if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd'
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`
  })
  return `"${escaped.join('')}"`
}

/** Numbers in lines of a readable length. */
function pythonList(values: readonly number[]): string {
  const rows = Array.from({ length: Math.ceil(values.length / 16) }, (_, row) =>
    values.slice(16 * row, 16 * row + 16).join(', '),
  )
  return rows.length > 1 ? `[\n    ${rows.join(',\n    ')},\n]` : `[${rows.join('')}]`
}

/**
 * A Python program that prints the numbers on screen: tokens, shift, D_l for every layer, prediction. It needs
 * transformers, torch and safetensors, and the model's folder.
 */
export function pythonSnippet(input: PythonSnippetInput): string {
  const { modelId, sha256, hasHead, text, inputIds, substitutions } = input
  const modelClass = hasHead ? 'BertForSequenceClassification' : 'BertModel'
  const build = hasHead
    ? 'BertForSequenceClassification(config)'
    : 'BertModel(config, add_pooling_layer="pooler.dense.weight" in tensors)'
  const prediction = hasHead
    ? `
for name, output in (("before", before), ("after", after)):
    probabilities = output.logits[0].double().softmax(-1).tolist()
    print(f"prediction {name}:", {config.id2label[i]: round(p, 6) for i, p in enumerate(probabilities)})
`
    : ''
  return `# The numbers that Ripplescope shows, in PyTorch. Needs transformers, torch and safetensors.
# Measures: Conti et al., "Probing the Embedding Space of Transformers via Minimal Token Perturbations", arXiv 2506.18011.
import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoTokenizer, BertConfig, ${modelClass}

# The model's folder: config.json, tokenizer.json, tokenizer_config.json and model.safetensors.
MODEL = Path(${pythonString(modelId)})
SHA256 = ${pythonString(sha256)}

TEXT = ${pythonString(text)}
INPUT_IDS = ${pythonList(inputIds)}
# position (from 0, special tokens included): token id
SUBSTITUTIONS = {${substitutions.map(({ position, tokenId }) => `${position}: ${tokenId}`).join(', ')}}

weights = MODEL / "model.safetensors"
found = hashlib.sha256(weights.read_bytes()).hexdigest()
if found != SHA256:
    raise SystemExit(f"{weights} is another model: sha256 {found}")

# int8 matrices are multiplied by their scale, one a row; all computing is fp32.
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
config = BertConfig(**settings)
model = ${build}
model.load_state_dict(tensors)
model.eval()

tokenizer = AutoTokenizer.from_pretrained(MODEL)
encoded = tokenizer(TEXT, truncation=True, max_length=config.max_position_embeddings)["input_ids"]
if encoded != INPUT_IDS:
    print("note: this tokenizer reads the text differently; the ids from Ripplescope are used")

perturbed = list(INPUT_IDS)
for position, token_id in SUBSTITUTIONS.items():
    perturbed[position] = token_id
print("tokens:", " ".join(tokenizer.convert_ids_to_tokens(INPUT_IDS)))
for position, token_id in SUBSTITUTIONS.items():
    old, new = tokenizer.convert_ids_to_tokens([INPUT_IDS[position], token_id])
    print(f"position {position}: {old} -> {new}")

with torch.no_grad():
    before = model(input_ids=torch.tensor([INPUT_IDS]), output_hidden_states=True)
    after = model(input_ids=torch.tensor([perturbed]), output_hidden_states=True)

differences = [(a - b)[0].double() for a, b in zip(before.hidden_states, after.hidden_states)]
shift = differences[0]
print(f"shift l1 {shift.abs().sum():.6g}  l2 {shift.norm():.6g}  linf {shift.abs().max():.6g}")
for layer, difference in enumerate(differences):
    print(f"D_{layer} {difference.norm():.6g}")
${prediction}`
}
