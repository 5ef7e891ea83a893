import * as v from 'valibot'
import { fail } from '../core/failure'
import { type ConfigFields, completeConfig, modelTypeOf, unreadField } from './configDefaults'
import { type DebertaV2Config, debertaV2Schema } from './modelConfigDeberta'
import { type Gpt2Config, gpt2Schema, type LlamaConfig, llamaSchema } from './modelConfigDecoders'
import {
  type AlbertConfig,
  albertSchema,
  type BertConfig,
  bertSchema,
  type DistilBertConfig,
  distilbertSchema,
  type ElectraConfig,
  electraSchema,
  type MpnetConfig,
  mpnetSchema,
  type RobertaConfig,
  robertaSchema,
} from './modelConfigEncoders'
import { type ModernBertConfig, modernBertSchema } from './modelConfigModernBert'

export { type Activation, type CommonConfig, type HeadKind, labelNames } from './modelConfigFields'
export type {
  AlbertConfig,
  BertConfig,
  DebertaV2Config,
  DistilBertConfig,
  ElectraConfig,
  Gpt2Config,
  LlamaConfig,
  ModernBertConfig,
  MpnetConfig,
  RobertaConfig,
}

/** Every family that can be read; one more is one more member, schema and graph. */
export type ModelConfig =
  | BertConfig
  | RobertaConfig
  | DistilBertConfig
  | ElectraConfig
  | AlbertConfig
  | MpnetConfig
  | DebertaV2Config
  | ModernBertConfig
  | Gpt2Config
  | LlamaConfig

/** By transformers' `model_type`. */
const SCHEMAS: { readonly [Family in ModelConfig['family']]: v.GenericSchema<unknown, ModelConfig> } = {
  bert: bertSchema,
  roberta: robertaSchema,
  'xlm-roberta': robertaSchema,
  distilbert: distilbertSchema,
  electra: electraSchema,
  albert: albertSchema,
  mpnet: mpnetSchema,
  'deberta-v2': debertaV2Schema,
  modernbert: modernBertSchema,
  gpt2: gpt2Schema,
  llama: llamaSchema,
  mistral: llamaSchema,
  qwen2: llamaSchema,
  qwen3: llamaSchema,
}

const isFamily = (name: string): name is ModelConfig['family'] => Object.hasOwn(SCHEMAS, name)

const objectSchema = v.record(v.string(), v.unknown())

function refuse(message: string): never {
  fail('unsupported-model', `config.json cannot be used: ${message}.`, {
    advice: `Ripplescope reads the families ${Object.keys(SCHEMAS).join(', ')}.`,
  })
}

function parse<T>(schema: v.GenericSchema<unknown, T>, json: unknown): T {
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const field = v.getDotPath(issue)
  return refuse(`${field ? `${field}: ` : ''}${issue.message}`)
}

/** Notes in `read` every field that is looked at. */
const watched = (config: ConfigFields, read: Set<string>): ConfigFields =>
  new Proxy(config, {
    has: (fields, name) => Reflect.has(fields, read.add(String(name)) && name),
    get: (fields, name) => Reflect.get(fields, read.add(String(name)) && name),
  })

/**
 * Reads transformers' `config.json`: what it leaves out is as transformers has it by default, and a field that changes
 * numbers is read or refused.
 *
 * @throws FailureError `unsupported-model` that names the first field at fault
 */
export function parseModelConfig(json: unknown): ModelConfig {
  const stated = parse(objectSchema, json)
  const family = modelTypeOf(stated)
  if (family === undefined) {
    return refuse('model_type is missing, and architectures does not say which family it is')
  }
  if (!isFamily(family)) return refuse(`model_type: ${family} is not a family that is read`)
  const config = completeConfig(family, stated)
  const read = new Set<string>()
  const parsed = parse(SCHEMAS[family], watched(config, read))
  const unread = unreadField(family, config, read)
  if (unread !== undefined) refuse(`${unread}: ${JSON.stringify(config[unread])} is not read in this family`)
  return parsed
}
