import { type Failure, fail } from '../failure'
import type { PredictionKind } from '../measures/prediction'
import { NO_LABEL } from './records/records'
import type { LabelEntry, TaskSetting } from './runSettings'

const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/**
 * Returns the index of the label that a name or, where no label has that name, an id stands for; null: none. Letter case
 * does not matter.
 */
export function labelNamed(labels: readonly string[], named: string): number | null {
  const exact = labels.indexOf(named)
  const byName = exact >= 0 ? exact : labels.findIndex((label) => sameName(label, named))
  if (byName >= 0) return byName
  const id = /^\d{1,3}$/.test(named) ? Number(named) : -1
  return id >= 0 && id < labels.length ? id : null
}

/** Returns how values of a label column read where nobody says otherwise: as a label's own name or, if no name is a number, its id. */
export function ownLabelMap(labels: readonly string[]): LabelEntry[] {
  const names = labels.map((label, i): LabelEntry => [label, i])
  if (labels.some((label) => /^\d+$/.test(label))) return names
  return [...names, ...labels.map((_, i): LabelEntry => [String(i), i])]
}

/** Returns why a model has no label that could be right or wrong; null where it has. */
export function noTaskReason(
  labels: readonly string[],
  prediction: PredictionKind = 'softmax',
): Failure | null {
  const what =
    labels.length < 2
      ? 'has no classifier of two labels or more'
      : prediction === 'score'
        ? 'gives scores, of which none is right or wrong'
        : prediction === 'sigmoid'
          ? 'gives each label a probability of its own, so that several may be right'
          : null
  if (what === null) return null
  return {
    kind: 'invalid-request',
    message: `This model ${what}: there is no accuracy to lose.`,
    advice: 'Leave out the column with the labels, or open a model that classifies texts.',
  }
}

const SHOWN = 60

/**
 * Returns the index of the right label by a value of the label column; `NO_LABEL` where the text has none, or is left out.
 *
 * @param value as the file has it; undefined where its cell is empty
 * @throws FailureError `invalid-request` for a value that the map does not name
 */
export function targetOf({ column, map }: TaskSetting, value: string | undefined): number {
  if (value === undefined) return NO_LABEL
  const entry = map.find(([named]) => named === value) ?? map.find(([named]) => sameName(named, value))
  if (entry) return entry[1] ?? NO_LABEL
  const shown = value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value
  return fail(
    'invalid-request',
    `“${shown}” in the column “${column}” stands for none of the model's labels.`,
    {
      kept:
        map.length > 0 ? `Known are ${map.map(([named]) => named).join(', ')}.` : 'No value is known yet.',
      advice: 'Say which label it means, or that such texts are left out, and run again.',
    },
  )
}
