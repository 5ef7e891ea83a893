import type { ModelInfo } from '../explorer'
import { type PredictionKind, predictionKind } from '../measures/prediction'
import type { Substitution } from '../measures/substitution'
import { pythonList, pythonString } from './pythonLiterals'
import { headOf, pythonModel } from './pythonModel'

/** Holds what a snippet reproduces. */
export interface PythonSnippetInput {
  readonly model: ModelInfo
  readonly text: string
  /** Token ids of the text, special tokens included. */
  readonly inputIds: readonly number[]
  readonly substitutions: readonly Substitution[]
  /** Position looked at in a language model, as `TokenPredictionRequest` counts it; null: none. */
  readonly place: number | null
  /** D_l, l = 0..L, where the program is to compare PyTorch's with them. */
  readonly distances?: readonly number[]
}

/** Function of torch that turns logits into the printed values, by kind. */
const APPLIED: Readonly<Record<PredictionKind, string>> = {
  softmax: '.softmax(-1)',
  sigmoid: '.sigmoid()',
  score: '',
}

const classification = (kind: PredictionKind) => `
for name, output in (("before", before), ("after", after)):
    values = output.logits[0].double()${APPLIED[kind]}.tolist()
    print(f"${kind === 'score' ? 'score' : 'prediction'} {name}:", {model.config.id2label[i]: round(v, 6) for i, v in enumerate(values)})
`

const DISTRIBUTION = `
def most_probable(logs):
    values, ids = logs.topk(5)
    return {tokenizer.convert_ids_to_tokens(i): round(p, 6) for i, p in zip(ids.tolist(), values.exp().tolist())}


print("most probable before:", most_probable(logs_before))
print("most probable after:", most_probable(logs_after))
print(f"KL {(logs_before.exp() * (logs_before - logs_after)).sum():.6g} nats")
`

const NEXT_TOKEN = `
# The next token after the one at PLACE, and ln p of each token given those before it.
logs_before, logs_after = (output.logits[0, PLACE].double().log_softmax(-1) for output in (before, after))
${DISTRIBUTION}
for name, output, ids in (("before", before, INPUT_IDS), ("after", after, perturbed)):
    logs = output.logits[0, :-1].double().log_softmax(-1)
    print(f"ln p of the text {name}: {logs[range(len(ids) - 1), ids[1:]].sum():.6g} nats")
`

const fillMask = (maskId: number) => `
MASK_ID = ${maskId}


def at_mask(ids, position):
    """ln p of every token at a position, the mask put there."""
    masked = torch.tensor([[*ids[:position], MASK_ID, *ids[position + 1 :]]])
    with torch.no_grad():
        output = model(input_ids=masked, attention_mask=torch.ones_like(masked))
    return output.logits[0, position].double().log_softmax(-1)


logs_before, logs_after = (at_mask(ids, PLACE) for ids in (INPUT_IDS, perturbed))
${DISTRIBUTION}
# Pseudo-log-likelihood (Salazar et al. 2020): each token masked in turn, special ones left out.
special = set(tokenizer.all_special_ids)
tokens = [i for i, ids in enumerate(zip(INPUT_IDS, perturbed)) if not special & set(ids)]
for name, ids in (("before", INPUT_IDS), ("after", perturbed)):
    print(f"pseudo-ln p {name}: {sum(at_mask(ids, i)[ids[i]].item() for i in tokens):.6g} nats")
`

/** Writes the code that compares; D_l below 1e-3 by their absolute difference, as the page does. */
const comparisonPart = (distances: readonly number[]) => `
HERE = ${pythonList(distances)}
pairs = [(a.norm().item(), b) for a, b in zip(differences, HERE, strict=True)]
largest = max(abs(a - b) / max(a, 1e-3) for a, b in pairs)
print(f"largest relative difference of any D_l from Ripplescope's: {largest:.1e}")
`

/** Writes the code that prints the head's answers, before and after. */
function headPart({ model, place }: PythonSnippetInput): string {
  const head = headOf(model)
  if (head === 'classification') return classification(predictionKind(model))
  if (place === null) return ''
  if (head === 'causal-lm') return NEXT_TOKEN
  const maskId = model.details?.maskId
  return head === 'masked-lm' && maskId !== undefined ? fillMask(maskId) : ''
}

/**
 * Writes a Python program that prints the numbers on screen: tokens, shift, D_l for every layer (of h_0..h_L as
 * `output_hidden_states` gives them), and the head's answers. It needs transformers, torch and safetensors, and the
 * folder of a model that is not on the Hub.
 */
export function pythonSnippet(input: PythonSnippetInput): string {
  const { model, text, inputIds, substitutions, place, distances } = input
  const { imports, constants, load } = pythonModel(model)
  const head = headPart(input)
  const placeLine = head && place !== null && headOf(model) !== 'classification' ? `PLACE = ${place}\n` : ''
  return `# The numbers that Ripplescope shows, in PyTorch. Needs transformers, torch and safetensors.
# Measures: Conti et al., "Probing the Embedding Space of Transformers via Minimal Token Perturbations", arXiv 2506.18011.
${imports.join('\n').trimStart()}

${constants}

TEXT = ${pythonString(text)}
INPUT_IDS = ${pythonList(inputIds)}
# position (from 0, special tokens included): token id
SUBSTITUTIONS = {${substitutions.map(({ position, tokenId }) => `${position}: ${tokenId}`).join(', ')}}
${placeLine}
${load}
encoded = tokenizer(TEXT, truncation=True, max_length=${model.maxTokens})["input_ids"]
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
    before, after = (
        model(
            input_ids=torch.tensor([ids]),
            attention_mask=torch.ones(1, len(ids), dtype=torch.long),
            output_hidden_states=True,
        )
        for ids in (INPUT_IDS, perturbed)
    )

differences = [(a - b)[0].double() for a, b in zip(before.hidden_states, after.hidden_states)]
shift = differences[0]
print(f"shift l1 {shift.abs().sum():.6g}  l2 {shift.norm():.6g}  linf {shift.abs().max():.6g}")
for layer, difference in enumerate(differences):
    print(f"D_{layer} {difference.norm():.6g}")
${distances ? comparisonPart(distances) : ''}${head}`
}
