import * as v from 'valibot'
import { fail } from '../../core/failure'
import known from './transformersClasses.json'

/** Class that reads tokenizer.json as it is; the other classes build their own tokenizer from its vocabulary. */
export const BACKEND = 'TokenizersBackend'

const CLASSES: Readonly<Record<string, string | undefined>> = known.classes
const REGISTERED = new Map(
  Object.entries(known.registered).flatMap(([name, types]) => types.map((type) => [type, name] as const)),
)
const DISTRUSTED = new Set(known.distrusted)

const named = v.object({ model_type: v.optional(v.string()), tokenizer_class: v.nullish(v.string()) })

const withoutFast = (name: string) => name.replace(/Fast$/, '')

/** Returns the class that a name means; null for a name that transformers does not know. */
function classOf(name: string): string | null {
  const found = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined
  if (found === 'python') {
    return fail(
      'unsupported-model',
      `tokenizer_class is ${name}, which cuts texts by Python code of its own.`,
    )
  }
  return found ?? (name.endsWith('Fast') ? classOf(withoutFast(name)) : null)
}

const read = (json: unknown) => {
  const parsed = v.safeParse(named, json ?? {})
  return parsed.success ? parsed.output : {}
}

/**
 * Finds the class with which transformers' AutoTokenizer reads a folder (`models/auto/tokenization_auto.py`): mostly the one
 * that tokenizer_config.json or config.json names, for some model types the one that is registered for them.
 *
 * @param config `config.json`; its `model_type` decides where no class is named
 * @param tokenizerConfig `tokenizer_config.json`
 * @param isByteLevel whether tokenizer.json has a part of the type `ByteLevel`
 * @throws FailureError `unsupported-model` for a class that is not read
 */
export function tokenizerClassOf(config: unknown, tokenizerConfig: unknown, isByteLevel: boolean): string {
  const { model_type: modelType = '', tokenizer_class: modelClass } = read(config)
  const stated = read(tokenizerConfig).tokenizer_class ?? modelClass ?? null
  const registered = REGISTERED.get(modelType)
  const distrusted = DISTRUSTED.has(modelType)
  if (stated === null) return (registered && classOf(registered)) ?? BACKEND
  const isMistral = /^(mistral|mistral3|mixtral|ministral|ministral3|pixtral|voxtral)/.test(modelType)
  if (withoutFast(stated) === 'LlamaTokenizer' && isByteLevel && !isMistral && !distrusted) return BACKEND
  if (registered !== undefined && registered !== withoutFast(stated)) {
    if (registered === BACKEND) return BACKEND
    return classOf(distrusted ? registered : stated) ?? BACKEND
  }
  const found = classOf(withoutFast(stated)) ?? classOf(stated)
  if (found === null && hasCode(tokenizerConfig)) {
    fail('unsupported-model', `tokenizer_config.json names code of its own (auto_map), which is not run.`)
  }
  return found ?? BACKEND
}

const hasCode = (json: unknown) =>
  typeof json === 'object' && json !== null && 'auto_map' in json && json.auto_map !== null
