import type { Checkpoint } from '../../weights/checkpoint'
import { type ModelConfig, readModelConfig } from '../../weights/modelConfig'
import type { GraphBuilder } from '../builder/graphBuilder'
import { albert } from './albert'
import { bert } from './bert'
import { bloom } from './bloom'
import { deberta } from './deberta'
import { debertaV2 } from './debertaV2'
import { distilBert } from './distilbert'
import { electra } from './electra'
import { ernie } from './ernie'
import { euroBert } from './euroBert'
import { falcon } from './falcon'
import type { FamilyEntry } from './family'
import { gemma } from './gemma'
import { gemma2 } from './gemma2'
import { gemma3 } from './gemma3'
import { gpt2 } from './gpt2'
import { gptJ } from './gptJ'
import { gptNeo } from './gptNeo'
import { gptNeoX } from './gptNeoX'
import { granite } from './granite'
import { llama } from './llama'
import { longformer } from './longformer'
import { megatronBert } from './megatronBert'
import { mistral } from './mistral'
import { modernBert } from './modernBert'
import { mpnet } from './mpnet'
import { nomicBert } from './nomicBert'
import { olmo } from './olmo'
import { olmo2 } from './olmo2'
import { opt } from './opt'
import { phi } from './phi'
import { phi3 } from './phi3'
import { qwen2 } from './qwen2'
import { qwen3 } from './qwen3'
import { remBert } from './remBert'
import { roberta } from './roberta'
import { roFormer } from './roFormer'
import { smolLm3 } from './smolLm3'
import { squeezeBert } from './squeezeBert'
import { stableLm } from './stableLm'
import { starcoder2 } from './starcoder2'
import type { Transformer, TransformerOptions } from './transformer'
import { xlmRobertaXl } from './xlmRobertaXl'

/** Every family that is read. A new one is its file and its name here. */
export const FAMILIES: readonly FamilyEntry[] = [
  albert,
  bert,
  bloom,
  deberta,
  debertaV2,
  distilBert,
  electra,
  ernie,
  euroBert,
  falcon,
  gemma,
  gemma2,
  gemma3,
  gpt2,
  gptJ,
  gptNeo,
  gptNeoX,
  granite,
  llama,
  longformer,
  megatronBert,
  mistral,
  modernBert,
  mpnet,
  nomicBert,
  olmo,
  olmo2,
  opt,
  phi,
  phi3,
  qwen2,
  qwen3,
  remBert,
  roberta,
  roFormer,
  smolLm3,
  squeezeBert,
  stableLm,
  starcoder2,
  xlmRobertaXl,
]

const BY_MODEL_TYPE: ReadonlyMap<string, FamilyEntry> = new Map(
  FAMILIES.flatMap((family) => family.modelTypes.map((name) => [name, family])),
)

/**
 * Reads transformers' `config.json`.
 *
 * @throws FailureError `unsupported-model` that names the first field at fault
 */
export function parseModelConfig(json: unknown): ModelConfig {
  return readModelConfig(json, BY_MODEL_TYPE)
}

/** Returns the family of a config that `parseModelConfig` gave. */
export function familyOf({ family }: ModelConfig): FamilyEntry {
  const found = BY_MODEL_TYPE.get(family)
  if (!found) throw new TypeError(`there is no family ${family}`)
  return found
}

/** Writes the parts of a model's graph as its family does. */
export function transformerOf(
  builder: GraphBuilder,
  config: ModelConfig,
  checkpoint: Checkpoint,
  options: TransformerOptions = {},
): Transformer {
  return familyOf(config).write({ builder, checkpoint, config, fusedAttention: options.fusedAttention })
}
