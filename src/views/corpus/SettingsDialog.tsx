import { type FormEvent, useId, useState } from 'react'
import { Switch } from '../../charts/corpus/Switch'
import { DEFAULT_SETTINGS } from '../../core/corpus/runLink'
import {
  CAUSAL_READINGS,
  PERTURBATION_NAMES,
  PERTURBATIONS,
  type RunSettings,
} from '../../core/corpus/runSettings'
import { NORM_NAMES, NORMS } from '../../core/measures/norm'
import { PAPER_SETTINGS, QUICK_SETTINGS } from '../../state/corpus/corpusPresets'
import { isRunning, nextSource } from '../../state/corpus/corpusSelectors'
import { forwardsOf, forwardsPerSequence } from '../../state/corpus/corpusSettings'
import { modelInfo } from '../../state/side/sideModel'
import { useActions, useAppStore } from '../appContext'
import { Dialog } from '../Dialog'
import { NeighborFilterFields } from '../explore/neighbors/NeighborFilterFields'
import { counted } from './corpusWords'
import { NumberSetting } from './NumberSetting'
import { NUMBER_FIELDS, type NumberField, READINGS_FIELD, settingsFrom, textsOf } from './settingsFields'

interface SettingsDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly onSource: () => void
}

/** Edits everything that decides the next run's numbers, apart from its texts and the model. */
export function SettingsDialog({ open, onClose, onSource }: SettingsDialogProps) {
  return (
    <Dialog open={open} title="Settings of the next run" onClose={onClose}>
      <SettingsForm onClose={onClose} onSource={onSource} />
    </Dialog>
  )
}

const fieldOf = (key: NumberField['key']) =>
  NUMBER_FIELDS.find((field) => field.key === key) ?? NUMBER_FIELDS[0]

/** Returns `Up to 3,000 model runs: 6 a review.`, and how much longer a run takes that puts states into another. */
function costInWords(settings: RunSettings, rows: number | null, layers?: number): string {
  const each = forwardsPerSequence(settings, layers)
  const cost = `Up to ${counted(forwardsOf(settings, rows, layers), 'model run')}: ${each.toLocaleString('en')} a review.`
  if (settings.causal === 'none') return cost
  const times = Math.round(each / forwardsPerSequence({ ...settings, causal: 'none' }, layers))
  return times > 1
    ? `${cost} Measuring where the effect is carried takes about ${times} times as long as without.`
    : cost
}

/** Draws the dialog's content. */
export function SettingsForm({ onClose, onSource }: Omit<SettingsDialogProps, 'open'>) {
  const named = useAppStore((state) => state.session.run?.settings)
  const rows = useAppStore((state) => state.corpus.preview.value?.totalRows ?? null)
  const source = useAppStore(nextSource)
  const running = useAppStore(isRunning)
  const layers = useAppStore((state) => modelInfo(state)?.layers)
  const { setRunSettings, startRun } = useActions()
  const [base, setBase] = useState<RunSettings>(named ?? DEFAULT_SETTINGS)
  const [texts, setTexts] = useState(() => textsOf(base))
  const id = useId()
  const settings = settingsFrom(base, texts)

  const preset = (next: RunSettings) => {
    setBase(next)
    setTexts(textsOf(next))
  }
  const number = (key: NumberField['key']) => (
    <NumberSetting
      field={fieldOf(key)}
      text={texts[key]}
      onChange={(text) => setTexts({ ...texts, [key]: text })}
    />
  )
  const keep = () => {
    if (!settings) return
    setRunSettings(settings)
    onClose()
  }
  const run = (event: FormEvent) => {
    event.preventDefault()
    if (!settings || running) return
    if (source) startRun(source, settings)
    else setRunSettings(settings)
    onClose()
    if (!source) onSource()
  }

  return (
    <form className="settings" onSubmit={run} noValidate>
      <div className="row">
        <button type="button" className="button" onClick={() => preset(PAPER_SETTINGS)}>
          The paper’s settings
        </button>
        <button type="button" className="button" onClick={() => preset(QUICK_SETTINGS)}>
          Quick look
        </button>
      </div>
      <div className="settings-pair">
        {number('sampleSize')}
        {number('seed')}
      </div>
      <div className="setting">
        <h3>Norm</h3>
        <Switch
          label="Norm of the embedding shift"
          choices={NORMS.map((value) => ({ value, name: NORM_NAMES[value] }))}
          value={base.norm}
          onChange={(norm) => setBase({ ...base, norm })}
        />
        <p className="soft">Ranks the least impactful tokens (figs. 1 and 3; the paper: l2).</p>
      </div>
      <div className="setting">
        <h3>Filter substitutes</h3>
        <NeighborFilterFields
          filters={base.filters}
          onChange={(filters) => setBase({ ...base, filters: { ...base.filters, ...filters } })}
        />
        <p className="soft">Eq. 1 leaves out only the token itself; the paper uses no filter.</p>
      </div>
      {number('leastImpactful')}
      {number('randomPositions')}
      <div className="setting">
        <h3>Perturbations at the random positions</h3>
        <fieldset className="settings-checks">
          <legend className="visually-hidden">Perturbations at the random positions</legend>
          {PERTURBATIONS.map((kind) => (
            <label key={kind} className="check">
              <input
                type="checkbox"
                checked={base.perturbations.includes(kind)}
                onChange={(event) => {
                  const { checked } = event.currentTarget
                  const kept = (other: typeof kind) =>
                    other === kind ? checked : base.perturbations.includes(other)
                  setBase({ ...base, perturbations: PERTURBATIONS.filter(kept) })
                }}
              />
              {PERTURBATION_NAMES[kind]}
            </label>
          ))}
        </fieldset>
        <p className="soft">One forward each at every random position; the nearest is eq. 1.</p>
      </div>
      {number('neighborRank')}
      {number('pairs')}
      <div className="setting">
        <h3>Readings</h3>
        <label className="check">
          <input
            type="checkbox"
            checked={base.readings === 'all'}
            onChange={(event) => setBase({ ...base, readings: event.currentTarget.checked ? 'all' : 16 })}
          />
          Read every position
        </label>
        {base.readings !== 'all' && (
          <NumberSetting
            field={{
              key: 'readings',
              label: 'Positions read in each review',
              hint: '0 for none.',
              ...READINGS_FIELD,
            }}
            text={texts.readings}
            onChange={(readings) => setTexts({ ...texts, readings })}
          />
        )}
        <p className="soft">
          Positions whose hidden states are compared with the word table at every layer, for identifiability
          (section 4, after Brunner et al. 2019). They take no forward of their own, but time.
        </p>
      </div>
      <div className="setting">
        <h3>Where the effect is carried</h3>
        <Switch
          label="Share of the effect by layer"
          choices={CAUSAL_READINGS.map((value) => ({
            value,
            name: value === 'none' ? 'not measured' : value,
          }))}
          value={base.causal}
          onChange={(causal) => setBase({ ...base, causal })}
        />
        <p className="soft">
          States of each layer put from the original’s run into the changed one (restored), or the other way
          (transferred): at the changed position, all others, the one that the head reads, and all of them.
        </p>
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={base.cleanHtml}
          onChange={(event) => setBase({ ...base, cleanHtml: event.currentTarget.checked })}
        />
        Clean up HTML line breaks before a text is read
      </label>
      <div className="dialog-foot">
        <p className="soft" role="status" id={`${id}estimate`}>
          {settings ? costInWords(settings, rows, layers) : 'A number is missing or out of its bounds.'}
        </p>
        <div className="row">
          <button type="button" className="button" aria-disabled={!settings} onClick={keep}>
            Keep for the next run
          </button>
          <button
            type="submit"
            className="button button-accent"
            aria-disabled={!settings || running}
            aria-describedby={`${id}estimate`}
          >
            {source ? 'Run' : 'Choose the texts…'}
          </button>
        </div>
      </div>
    </form>
  )
}
