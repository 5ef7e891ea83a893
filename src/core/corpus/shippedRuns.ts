import entries from './shippedRuns.json' with { type: 'json' }

/** Describes a run that comes with the page, before its file is fetched. */
export interface ShippedRun {
  /** Name of its file in `corpora/`, and id of the run. */
  readonly id: string
  /** Name of the measured texts, in the plural: `IMDb test reviews`. */
  readonly texts: string
  /** Number of texts measured, and of the sample. */
  readonly measured: number
  readonly sampled: number
  /** Plain name of the model: `BERT-base fine-tuned on IMDb`. */
  readonly model: string
  /** Hash of its weights. */
  readonly sha256: string
  /** Says where the weights come from. */
  readonly weights: string
}

/** Lists the runs that come with the page, as `npm run replicate` writes them; the first is opened unasked. */
export const SHIPPED_RUNS: readonly [ShippedRun, ...ShippedRun[]] = atLeastOne(entries)

function atLeastOne([first, ...others]: readonly ShippedRun[]): [ShippedRun, ...ShippedRun[]] {
  return [first, ...others]
}

/** Returns `500 IMDb test reviews · BERT-base fine-tuned on IMDb`. */
export const shippedRunName = ({ measured, texts, model }: ShippedRun) =>
  `${measured.toLocaleString('en')} ${texts} · ${model}`

/** Returns the description of a shipped run by its id; null for any other run. */
export const shippedRunOf = (id: string | null | undefined): ShippedRun | null =>
  SHIPPED_RUNS.find((run) => run.id === id) ?? null
