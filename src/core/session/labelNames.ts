import type { ModelInfo } from '../explorer'
import type { LabelNames } from './session'

const namedInfos = new WeakMap<ModelInfo, { readonly of: LabelNames; readonly info: ModelInfo }>()

/**
 * Returns a model with the user's names in the place of its labels, which it holds as `originalLabels`: the same object for
 * the same names. A name that is empty, and names of another number of labels, leave the model's own.
 */
export function withLabelNames(info: ModelInfo, labelNames: readonly LabelNames[]): ModelInfo {
  const own = labelNames.find(({ model }) => model === info.id)
  if (!own || own.names.length !== info.labels.length) return info
  const known = namedInfos.get(info)
  if (known?.of === own) return known.info
  const labels = info.labels.map((label, i) => own.names[i].trim() || label)
  const changed = labels.some((label, i) => label !== info.labels[i])
  const named = changed ? { ...info, labels, originalLabels: info.labels } : info
  namedInfos.set(info, { of: own, info: named })
  return named
}

/** Returns a model's labels as files name them: the user's own name with the model's beside, `good (LABEL_1)`. */
export function exportedLabels({ labels, originalLabels }: ModelInfo): readonly string[] {
  return labels.map((label, i) => {
    const original = originalLabels?.[i] ?? label
    return label === original ? label : `${label} (${original})`
  })
}

/** Says whether labels tell nothing by themselves, as those of a model whose config.json names none: `LABEL_0`, `1`. */
export const areNameless = (labels: readonly string[]): boolean =>
  labels.length > 0 && labels.every((label) => /^(?:label[_ ]?)?\d+$/i.test(label))
