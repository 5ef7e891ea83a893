import { parseModelConfig } from '../onnx/families'
import { modelTypeOf as statedTypeOf } from '../weights/configDefaults'

/** Says whether weights of this config.json can be read without an ONNX file. */
export function isFamilyRead(config: unknown): boolean {
  try {
    parseModelConfig(config)
    return true
  } catch {
    return false
  }
}

/** Returns transformers' name of a config.json's family; `unnamed` where it has none. */
export const modelTypeOf = (config: unknown): string =>
  (typeof config === 'object' && config !== null && statedTypeOf({ ...config })) || 'unnamed'

/** Returns the number of rows of the word table, as config.json says; null where it cannot be read. */
export function vocabularySizeOf(config: unknown): number | null {
  try {
    return parseModelConfig(config).vocabularySize
  } catch {
    const stated =
      typeof config === 'object' && config !== null && 'vocab_size' in config && config.vocab_size
    return typeof stated === 'number' ? stated : null
  }
}
