import type { CorpusOrigin, RunHeader } from './run'
import type { RunSettings } from './runSettings'

/** Lists how two runs differ besides their numbers. */
export interface RunDifferences {
  readonly model: boolean
  /** True if the layer counts differ: then layers are compared by relative depth. */
  readonly layers: boolean
  /** `unknown`: the name is the same, but nothing proves or refutes that the texts are. */
  readonly texts: 'same' | 'other' | 'unknown'
  /** Settings with different values, in the order of `RunSettings`. */
  readonly settings: readonly (keyof RunSettings)[]
}

function textsOf(a: RunHeader, b: RunHeader): RunDifferences['texts'] {
  const named = ({ name, column }: CorpusOrigin) => JSON.stringify([name, column])
  const [x, y] = [a.origin, b.origin]
  if (x.sha256 !== null && y.sha256 !== null) {
    return x.sha256 === y.sha256 && x.column === y.column ? 'same' : 'other'
  }
  if (named(x) !== named(y)) return 'other'
  if (a.corpus.rows !== b.corpus.rows || a.corpus.skipped !== b.corpus.skipped) return 'other'
  return x.kind === 'bundled' && y.kind === 'bundled' ? 'same' : 'unknown'
}

const settingKey = (value: RunSettings[keyof RunSettings]): string => {
  if (Array.isArray(value)) return JSON.stringify([...value].sort())
  if (typeof value !== 'object' || value === null) return String(value)
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

export function runDifferences(open: RunHeader, compared: RunHeader): RunDifferences {
  const keys = Object.keys(open.settings) as (keyof RunSettings)[]
  return {
    model: open.provenance.sha256 !== compared.provenance.sha256,
    layers: open.layers !== compared.layers,
    texts: textsOf(open, compared),
    settings: keys.filter((key) => settingKey(open.settings[key]) !== settingKey(compared.settings[key])),
  }
}
