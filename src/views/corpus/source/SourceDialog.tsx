import { useState } from 'react'
import { Switch } from '../../../charts/corpus/Switch'
import type { CorpusSource } from '../../../core/corpus/corpusService'
import { DEFAULT_SETTINGS } from '../../../core/corpus/runLink'
import { forwardsOf } from '../../../state/corpus/corpusSettings'
import { withColumn } from '../../../state/corpus/corpusSource'
import { modelInfo } from '../../../state/side/sideModel'
import { useActions, useAppStore } from '../../appContext'
import { Dialog } from '../../Dialog'
import { counted, settingsFacts } from '../corpusWords'
import { FilePicker } from './FilePicker'
import { HubPicker } from './HubPicker'
import { SourcePreviewPanel } from './SourcePreviewPanel'

interface SourceDialogProps {
  readonly open: boolean
  /** Kind of source to show first if none is chosen; a file by default. */
  readonly kind?: CorpusSource['kind']
  readonly onClose: () => void
  readonly onSettings: () => void
}

const KINDS = [
  { value: 'file', name: 'A file' },
  { value: 'hub', name: 'A data set of the hub' },
  { value: 'bundled', name: 'The sample reviews' },
] as const

/** Chooses the source of the next run's texts, with a preview before they are run. */
export function SourceDialog({ open, kind, onClose, onSettings }: SourceDialogProps) {
  return (
    <Dialog open={open} title="Choose the texts" onClose={onClose}>
      <SourceBody kind={kind} onClose={onClose} onSettings={onSettings} />
    </Dialog>
  )
}

/** Draws the dialog's content. */
export function SourceBody({ kind: first = 'file', onClose, onSettings }: Omit<SourceDialogProps, 'open'>) {
  const source = useAppStore((state) => state.corpus.source)
  const { chooseSource } = useActions()
  const [kind, setKind] = useState<CorpusSource['kind']>(source?.kind ?? first)
  // A file dropped while the dialog is open becomes the choice.
  const [seen, setSeen] = useState(source)
  if (source !== seen) {
    setSeen(source)
    if (source) setKind(source.kind)
  }
  const chosen = source?.kind === kind ? source : null
  return (
    <>
      <Switch
        label="Kind of source"
        choices={KINDS}
        value={kind}
        onChange={(next) => {
          setKind(next)
          if (next === 'bundled') chooseSource({ kind: 'bundled' })
        }}
      />
      {kind === 'file' && <FilePicker chosen={chosen?.kind === 'file' ? chosen.file : null} />}
      {kind === 'hub' && <HubPicker chosen={chosen?.kind === 'hub' ? chosen : null} />}
      {kind === 'bundled' && (
        <p>Short reviews written for this project, so that everything can be tried without a download.</p>
      )}
      {chosen && (
        <>
          <SourcePreviewPanel />
          <RunSource source={chosen} onClose={onClose} onSettings={onSettings} />
        </>
      )}
    </>
  )
}

/** Says what will be done to the texts, and draws the button that starts it. */
function RunSource({
  source,
  onClose,
  onSettings,
}: {
  readonly source: CorpusSource
  readonly onClose: () => void
  readonly onSettings: () => void
}) {
  const { status, value: preview } = useAppStore((state) => state.corpus.preview)
  const settings = useAppStore((state) => state.session.run?.settings) ?? DEFAULT_SETTINGS
  const layers = useAppStore((state) => modelInfo(state)?.layers)
  const { setRunSettings, startRun } = useActions()
  const column = 'column' in source ? (source.column ?? preview?.likelyColumn ?? null) : null
  const ready = status === 'ready' && preview !== null && preview.rows.length > 0
  return (
    <>
      <label className="check">
        <input
          type="checkbox"
          checked={settings.cleanHtml}
          onChange={() => setRunSettings({ ...settings, cleanHtml: !settings.cleanHtml })}
        />
        Clean up HTML line breaks
      </label>
      <p className="soft">
        Each <code>{'<br />'}</code> becomes a line break before the text is read, as reviews copied from web
        pages need it; nothing else is changed.
      </p>
      <div className="dialog-foot">
        <p className="soft">
          Sample of {settings.sampleSize.toLocaleString('en')} · {settingsFacts(settings)} · up to{' '}
          {counted(forwardsOf(settings, preview?.totalRows ?? null, layers), 'model run')}{' '}
          <button type="button" className="button-text" onClick={onSettings}>
            Settings
          </button>
        </p>
        <button
          type="button"
          className="button button-accent"
          aria-disabled={!ready}
          onClick={() => {
            if (!ready) return
            startRun(withColumn(source, column), settings)
            onClose()
          }}
        >
          Run
        </button>
      </div>
    </>
  )
}
