import type { SourcePreview } from '../../../core/corpus/corpusService'
import { DEFAULT_SETTINGS } from '../../../core/corpus/runLink'
import type { LabelEntry, RunSettings, TaskSetting } from '../../../core/corpus/runSettings'
import { noTaskReason } from '../../../core/corpus/taskLabels'
import { predictionKind } from '../../../core/measures/prediction'
import { labelChoices, labelMapOf } from '../../../state/corpus/corpusLabels'
import { useActions, useAppStore } from '../../appContext'

const NONE = ''
const LEFT_OUT = 'out'

/**
 * Returns the settings of the next run with every value of its label column told, or null while one is not, or cannot be; and
 * the sentence that says why.
 */
export function useTaskSettings(): { readonly settings: RunSettings | null; readonly reason: string | null } {
  const settings = useAppStore((state) => state.session.run?.settings) ?? DEFAULT_SETTINGS
  const values = useAppStore((state) => state.corpus.labelValues)
  const info = useAppStore((state) => state.model.info)
  const { task } = settings
  if (!task) return { settings, reason: null }
  if (!info) return { settings: null, reason: 'The model is not open yet.' }
  const unfit = noTaskReason(info.labels, predictionKind(info))
  if (unfit) return { settings: null, reason: `${unfit.message} ${unfit.advice}` }
  if (values.status === 'error') {
    return { settings: null, reason: `${values.failure?.message} ${values.failure?.advice ?? ''}` }
  }
  if (values.status !== 'ready' || !values.value) return { settings: null, reason: 'Reading the labels…' }
  if (values.value.length === 0) return { settings: null, reason: `“${task.column}” holds no label.` }
  const map = labelMapOf(labelChoices(task, values.value, info.labels))
  return map
    ? { settings: { ...settings, task: { ...task, map } }, reason: null }
    : { settings: null, reason: 'Say what each label of the file means.' }
}

/** Chooses the column with the right labels, and what its values stand for. */
export function LabelChoices({ preview: { columns } }: { readonly preview: SourcePreview }) {
  const settings = useAppStore((state) => state.session.run?.settings) ?? DEFAULT_SETTINGS
  const { setRunSettings } = useActions()
  const { reason } = useTaskSettings()
  const { task } = settings
  if (columns.length < 2) return null
  const choose = (next: TaskSetting | null) => setRunSettings({ ...settings, task: next })
  const known = task === null || columns.includes(task.column)
  return (
    <div className="label-choices">
      <label className="check">
        Column with the right labels
        <select
          value={task?.column ?? NONE}
          onChange={({ target }) => choose(target.value === NONE ? null : { column: target.value, map: [] })}
        >
          <option value={NONE}>none</option>
          {(known ? columns : [task.column, ...columns]).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <p className="soft">
        With labels, the run says what accuracy loses as 1 to 20 % of the tokens are substituted at once.
      </p>
      {task && <LabelMap task={task} onChange={(map) => choose({ ...task, map })} />}
      {reason && (
        <p className="soft" role="status">
          {reason}
        </p>
      )}
    </div>
  )
}

interface LabelMapProps {
  readonly task: TaskSetting
  readonly onChange: (map: readonly LabelEntry[]) => void
}

/** Asks what each value of the file stands for; what has the name or the id of a label is chosen, and can be changed. */
function LabelMap({ task, onChange }: LabelMapProps) {
  const values = useAppStore((state) => state.corpus.labelValues.value)
  const labels = useAppStore((state) => state.model.info?.labels)
  if (!values || !labels || labels.length < 2) return null
  const choices = labelChoices(task, values, labels)
  const change = (value: string, chosen: string) => {
    const others = task.map.filter(([named]) => named !== value)
    const label = chosen === LEFT_OUT ? null : Number(chosen)
    onChange(chosen === NONE ? others : [...others, [value, label]])
  }
  return (
    <fieldset className="preview-columns">
      <legend>What the labels of the file mean</legend>
      {choices.map(({ value, label }) => (
        <label key={value} className="check">
          “{value}” is
          <select
            value={label === undefined ? NONE : label === null ? LEFT_OUT : String(label)}
            onChange={({ target }) => change(value, target.value)}
          >
            {label === undefined && <option value={NONE}>choose…</option>}
            {labels.map((name, index) => (
              <option key={name} value={index}>
                {name}
              </option>
            ))}
            <option value={LEFT_OUT}>left out</option>
          </select>
        </label>
      ))}
    </fieldset>
  )
}
