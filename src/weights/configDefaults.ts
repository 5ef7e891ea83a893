import table from './configDefaults.json'

/** Holds what transformers knows of a model type's configuration. */
interface ConfigClass {
  /** Beginning of the names of the model classes: `Bert` of `BertForMaskedLM`. */
  readonly class: string
  /** Fields that change what the model computes, with their defaults. */
  readonly fields: Readonly<Record<string, unknown>>
  /** Other names of fields: transformers' `attribute_map`. */
  readonly aliases?: Readonly<Record<string, string>>
}

/** Holds the fields of a config.json by name. */
export type ConfigFields = Readonly<Record<string, unknown>>

// Made by training/config_defaults.py, which names the version of transformers.
const CLASSES: ReadonlyMap<string, ConfigClass> = new Map(Object.entries<ConfigClass>(table.types))

/** Names of fields that many configs have and that change nothing unless the family reads them. */
const OFTEN_WITHOUT_EFFECT = new Set(['pad_token_id', 'rope_theta'])

/**
 * Returns the `model_type` of a config.json as transformers decides it; undefined if nothing says it. A config without
 * one gets the type of the class in `architectures`.
 */
export function modelTypeOf(config: ConfigFields): string | undefined {
  const { model_type: stated, architectures } = config
  if (typeof stated === 'string') return stated
  const name: unknown = Array.isArray(architectures) ? architectures[0] : undefined
  if (typeof name !== 'string') return undefined
  const found = [...CLASSES].find(([, { class: start }]) =>
    new RegExp(`^${start}(Model|LMHeadModel|For[A-Z]\\w*)$`).test(name),
  )
  return found?.[0]
}

/** Returns a config in which every absent field has transformers' default, under the field's own name. */
export function completeConfig(modelType: string, config: ConfigFields): ConfigFields {
  const known = CLASSES.get(modelType)
  if (!known) return config
  const named = Object.entries(config).map(([name, value]) => [known.aliases?.[name] ?? name, value])
  return { ...known.fields, ...Object.fromEntries(named), model_type: modelType }
}

const isSame = (a: unknown, b: unknown) =>
  JSON.stringify(a) === JSON.stringify(b) || ((a ?? false) === false && (b ?? false) === false)

/**
 * Returns a field that would change what the model computes but was not read: its value is not transformers' default.
 * Undefined if there is none.
 *
 * @param config complete
 * @param read names of the fields that were looked at
 */
export function unreadField(
  modelType: string,
  config: ConfigFields,
  read: ReadonlySet<string>,
): string | undefined {
  return Object.entries(CLASSES.get(modelType)?.fields ?? {}).find(
    ([name, usual]) => !read.has(name) && !OFTEN_WITHOUT_EFFECT.has(name) && !isSame(config[name], usual),
  )?.[0]
}
