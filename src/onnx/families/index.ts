import type { Checkpoint } from '../../weights/checkpoint'
import { type ModelConfig, readModelConfig } from '../../weights/modelConfig'
import type { GraphBuilder } from '../builder/graphBuilder'
import { albert } from './albert'
import { bert } from './bert'
import { debertaV2 } from './debertaV2'
import { distilBert } from './distilbert'
import { electra } from './electra'
import type { FamilyEntry } from './family'
import { gpt2 } from './gpt2'
import { llama } from './llama'
import { mistral } from './mistral'
import { modernBert } from './modernBert'
import { mpnet } from './mpnet'
import { qwen2 } from './qwen2'
import { qwen3 } from './qwen3'
import { roberta } from './roberta'
import type { Transformer, TransformerOptions } from './transformer'

/** Every family that is read. A new one is its file and its name here. */
export const FAMILIES: readonly FamilyEntry[] = [
  albert,
  bert,
  debertaV2,
  distilBert,
  electra,
  gpt2,
  llama,
  mistral,
  modernBert,
  mpnet,
  qwen2,
  qwen3,
  roberta,
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
