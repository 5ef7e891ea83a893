import table from './configDefaults.json'

/** What transformers knows of a model type's configuration. */
interface ConfigClass {
  /** Begins the names of the model classes: `Bert` of `BertForMaskedLM`. */
  readonly class: string
  /** Every field that changes what the model computes, with its default. */
  readonly fields: Readonly<Record<string, unknown>>
  /** Other names of fields: transformers' `attribute_map`. */
  readonly aliases?: Readonly<Record<string, string>>
}

/** Fields of a config.json by name. */
export type ConfigFields = Readonly<Record<string, unknown>>

// Made by training/config_defaults.py, which names the version of transformers.
const CLASSES: ReadonlyMap<string, ConfigClass> = new Map(Object.entries<ConfigClass>(table.types))

/** Stand in many configs and change nothing but where a family reads them. */
const OFTEN_WITHOUT_EFFECT = new Set(['pad_token_id', 'rope_theta'])

/**
 * Returns the `model_type` of a config.json as transformers decides it; undefined where nothing says it. A config without
 * one is taken for what the class in `architectures` reads.
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

/** Returns a config with every field that it leaves out as transformers has it by default, under the field's own name. */
export function completeConfig(modelType: string, config: ConfigFields): ConfigFields {
  const known = CLASSES.get(modelType)
  if (!known) return config
  const named = Object.entries(config).map(([name, value]) => [known.aliases?.[name] ?? name, value])
  return { ...known.fields, ...Object.fromEntries(named), model_type: modelType }
}

const isSame = (a: unknown, b: unknown) =>
  JSON.stringify(a) === JSON.stringify(b) || ((a ?? false) === false && (b ?? false) === false)

/**
 * Returns a field that would change what the model computes and that nobody looked at: its value is not transformers'
 * default. Undefined where there is none.
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
