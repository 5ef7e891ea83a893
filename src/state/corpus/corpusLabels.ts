import type { LabelEntry, TaskSetting } from '../../core/corpus/runSettings'
import { ownLabelMap } from '../../core/corpus/taskLabels'

/** Holds a value of the label column, and what it stands for: a label's index, null to leave its texts out, or not known yet. */
export interface LabelChoice {
  readonly value: string
  readonly label: number | null | undefined
}

/**
 * Returns what each value of a label column stands for: as chosen, else the label of that name or id.
 *
 * @param labels names of the model's labels
 */
export function labelChoices(
  { map }: Pick<TaskSetting, 'map'>,
  values: readonly string[],
  labels: readonly string[],
): LabelChoice[] {
  const own = ownLabelMap(labels)
  const find = (entries: readonly LabelEntry[], value: string, same: (a: string, b: string) => boolean) =>
    entries.find(([named]) => same(named, value))
  return values.map((value) => {
    const entry =
      find(map, value, (a, b) => a === b) ??
      find(own, value, (a, b) => a === b) ??
      find(own, value, (a, b) => a.toLowerCase() === b.toLowerCase())
    const label = entry?.[1]
    // A label of another model.
    return { value, label: typeof label === 'number' && label >= labels.length ? undefined : label }
  })
}

/** Returns the map that the choices make; null while one is missing. */
export function labelMapOf(choices: readonly LabelChoice[]): readonly LabelEntry[] | null {
  const map = choices.flatMap(({ value, label }) => (label === undefined ? [] : [[value, label] as const]))
  return choices.length > 0 && map.length === choices.length ? map : null
}
