import { type Command, InvalidArgumentError, Option } from 'commander'
import { type NeighborFilters, NO_FILTERS } from '../core/measures/neighbor'
import { DEVICES, type NodeDevice } from '../engine/forward/nodeDevices'

/** Holds the model, and the device on which it runs. */
export interface ModelOptions {
  readonly model: string
  readonly device: NodeDevice
  readonly threads: number
  /** Read token of the Hub; HF_TOKEN by default. */
  readonly token?: string
  /** Tokenizer that does not come with the model: `built-in`, a folder, or a model of the Hub. */
  readonly tokenizer?: string
}

/** Returns a parser of whole numbers, for an option. */
export function whole(from: number, to = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= from && value <= to) return value
    const bounds = to === Number.MAX_SAFE_INTEGER ? `${from} or more` : `${from} to ${to}`
    throw new InvalidArgumentError(`It must be a whole number, ${bounds}.`)
  }
}

/** Returns a parser of names separated by commas, each one of `known`; `none` is the empty list. */
export function namesOf<T extends string>(known: readonly T[]) {
  const isKnown = (name: string): name is T => known.some((one) => one === name)
  return (text: string): readonly T[] => {
    if (text === 'none') return []
    const names = text.split(',').map((name) => name.trim())
    const unknown = names.filter((name) => !isKnown(name))
    if (unknown.length === 0) return [...new Set(names.filter(isKnown))]
    throw new InvalidArgumentError(`It may hold ${known.join(', ')}, set apart by commas, or be none.`)
  }
}

/** Filters on substitutes (eq. 1 excludes only the token itself), by their names in the command. */
const FILTERS = {
  special: 'special',
  unused: 'unused',
  'other-kind': 'otherKind',
  variants: 'variants',
} as const satisfies Readonly<Record<string, keyof NeighborFilters>>
type FilterName = keyof typeof FILTERS
const FILTER_NAMES = Object.keys(FILTERS) as FilterName[]

export function filtersOf(names: readonly FilterName[]): NeighborFilters {
  return { ...NO_FILTERS, ...Object.fromEntries(names.map((name) => [FILTERS[name], true])) }
}

export type ExcludeOption = readonly FilterName[]

export function addExcludeOption(command: Command): Command {
  return command.addOption(
    new Option('--exclude <kinds>', `no substitutes of these kinds: ${FILTER_NAMES.join(', ')}`)
      .argParser(namesOf(FILTER_NAMES))
      .default([], 'none'),
  )
}

export function addModelOptions(command: Command): Command {
  return command
    .option(
      '-m, --model <folder>',
      'built-in, a folder with config.json, tokenizer.json and weights (safetensors, pytorch_model.bin or ONNX), one weights file in such a folder, or a model of the hub (owner/name)',
      'built-in',
    )
    .option(
      '--token <token>',
      'read token for gated and private models of the hub; HF_TOKEN in the environment does the same unseen by others',
    )
    .option(
      '--tokenizer <folder>',
      'of another folder or model of the hub, or built-in (bert-base-uncased), for a model that comes without one',
    )
    .addOption(new Option('--device <name>', 'what the model runs on').choices(DEVICES).default('cpu'))
    .option('--threads <n>', 'threads of the processor; 0: one a core', whole(0, 1024), 0)
}

export const examples = (...lines: readonly string[]) =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join('')}`
