import type { ModelInfo } from '../../core/explorer'
import { formatBytes } from '../../core/formatBytes'
import { originOf } from '../../core/modelSource'
import { useActions, useAppStore } from '../appContext'
import { FORMAT_NAMES, headInWords } from './modelWords'

/** Describes the model that is open now. */
export function OpenModel() {
  const info = useAppStore((state) => state.model.info)
  const status = useAppStore((state) => state.model.status)
  const { setView } = useActions()
  return (
    <section aria-labelledby="open-model-heading">
      <h2 id="open-model-heading">Open now</h2>
      {info ? (
        <>
          <p className="model-name">{info.id}</p>
          <Facts info={info} />
          {originOf(info.id) === 'hosted' && <OwnFiles info={info} />}
          <div className="row">
            <button type="button" className="button button-accent" onClick={() => setView('explore')}>
              Explore with it
            </button>
          </div>
        </>
      ) : (
        <p>
          {status === 'loading'
            ? 'The built-in model is on its way.'
            : 'No model is open. Choose one here; the built-in one comes with the page.'}
        </p>
      )}
    </section>
  )
}

/** Files of the built-in model's folder besides its weights. */
const FOLDER_FILES = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'README.md',
  'LICENSE',
] as const

/** Draws links to the files of the model that comes with the page: a program reads them from a folder of its name. */
function OwnFiles({ info }: { readonly info: ModelInfo }) {
  const weights = info.details?.files ?? ['model.safetensors']
  return (
    <p>
      Save its files into a folder named <code>{info.id}</code>, from where the program of{' '}
      <i>Copy as Python</i> reads them:{' '}
      {[...weights, ...FOLDER_FILES].map((name, i) => (
        <span key={name}>
          {i > 0 && ', '}
          <a href={`models/${info.id}/${name}`} download={name}>
            {name}
          </a>
        </span>
      ))}
      .
    </p>
  )
}

const parametersInWords = (count: number) =>
  count < 1e6 ? count.toLocaleString('en') : `${(count / 1e6).toPrecision(3)} million`

function Facts({ info }: { readonly info: ModelInfo }) {
  const { provenance, details } = info
  const files = details?.files ?? []
  const facts: readonly (readonly [string, string])[] = [
    ['Family', info.family],
    ['Layers × width', `${info.layers} × ${info.width}`],
    ['Parameters', parametersInWords(info.parameters)],
    ['Vocabulary', `${info.vocabularySize.toLocaleString('en')} tokens`],
    ['Longest text', `${info.maxTokens.toLocaleString('en')} tokens, special ones included`],
    [
      'Reads',
      details?.causal ? 'from left to right: a change reaches only later positions' : 'in both directions',
    ],
    ['Head', headInWords(info)],
    ['Weights', details ? `${FORMAT_NAMES[details.format]} · ${provenance.precision}` : provenance.precision],
    ['Files', `${files.join(', ') || (provenance.file ?? 'model.safetensors')} · ${formatBytes(info.bytes)}`],
    [files.length > 1 ? 'sha256 of all' : 'sha256', provenance.sha256],
    ...(provenance.revision ? ([['Commit', provenance.revision]] as const) : []),
    ['Runs on', provenance.device],
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} className="fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
