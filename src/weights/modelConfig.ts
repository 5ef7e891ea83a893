import * as v from 'valibot'
import { fail } from '../core/failure'
import { type ConfigFields, completeConfig, modelTypeOf, unreadField } from './configDefaults'
import type { CommonConfig } from './modelConfigFields'

export {
  type Activation,
  type CommonConfig,
  type HeadKind,
  labelEntries,
  labelsOf,
} from './modelConfigFields'

/** Holds a config.json that was read, of any family. */
export interface ModelConfig extends CommonConfig {
  /** transformers' `model_type` */
  readonly family: string
}

const objectSchema = v.record(v.string(), v.unknown())

/** Maps transformers' `model_type` to the schema of the family. */
type Readers = ReadonlyMap<string, { readonly schema: v.GenericSchema<unknown, CommonConfig> }>

/** Adds to `read` every field that is looked at. */
const watched = (config: ConfigFields, read: Set<string>): ConfigFields =>
  new Proxy(config, {
    has: (fields, name) => Reflect.has(fields, read.add(String(name)) && name),
    get: (fields, name) => Reflect.get(fields, read.add(String(name)) && name),
  })

/**
 * Reads transformers' `config.json` with the schema of its family: absent fields have transformers' defaults, and a
 * field that changes numbers is read or refused.
 *
 * @throws FailureError `unsupported-model` that names the first field at fault
 */
export function readModelConfig(json: unknown, readers: Readers): ModelConfig {
  const refuse = (message: string): never =>
    fail('unsupported-model', `config.json cannot be used: ${message}.`, {
      advice:
        'Open the model as an ONNX file instead, where there is one; docs/models.md lists the families that are read.',
    })
  const parse = <T>(schema: v.GenericSchema<unknown, T>, value: unknown): T => {
    const parsed = v.safeParse(schema, value)
    if (parsed.success) return parsed.output
    const [issue] = parsed.issues
    const field = v.getDotPath(issue)
    return refuse(`${field ? `${field}: ` : ''}${issue.message}`)
  }
  const stated = parse(objectSchema, json)
  const family = modelTypeOf(stated)
  if (family === undefined) {
    return refuse('model_type is missing, and architectures does not say which family it is')
  }
  const reader = readers.get(family)
  if (!reader) return refuse(`model_type: ${family} is not a family that is read`)
  const config = completeConfig(family, stated)
  const read = new Set<string>()
  const parsed = parse(reader.schema, watched(config, read))
  const unread = unreadField(family, config, read)
  if (unread !== undefined) refuse(`${unread}: ${JSON.stringify(config[unread])} is not read in this family`)
  return { ...parsed, family }
}
