import { formatBytes } from '../../core/formatBytes'
import { BUILT_IN_VOCABULARY, type ModelPlan } from '../../core/modelSource'
import { useModelTarget } from './modelTarget'
import { FORMAT_NAMES, requestName } from './modelWords'
import type { Lookup } from './useLookup'

/** Size, bytes, above which a model seldom fits in a tab: the weights are in memory twice while they open. */
const LARGE_BYTES = 1.5e9

/** Size, bytes, below which nothing is reported: a look-up on the hub saves config.json. */
const LOOKED_UP_BYTES = 1e5

interface LookupResultProps {
  readonly lookup: Lookup
  readonly host: string
}

/**
 * Shows the result of a look-up: that the host is asked, why the model is not available, or its files with a button to
 * fetch them.
 */
export function LookupResult({ lookup: { looked, look, stop }, host }: LookupResultProps) {
  const opening = useModelTarget().opening !== null
  return (
    <>
      <p className="visually-hidden" role="status">
        {looked.status === 'looking' && `Asking ${host}.`}
        {looked.status === 'found' &&
          !opening &&
          `${requestName(looked.plan.source)}: ${amountOf(looked.plan)}.`}
      </p>
      {looked.status === 'looking' && (
        <div className="row">
          <p>Asking {host}…</p>
          <button type="button" className="button" onClick={stop}>
            Stop
          </button>
        </div>
      )}
      {looked.status === 'failed' && (
        <>
          <p role="alert" className="problem">
            {looked.failure.message} {looked.failure.advice}
          </p>
          {looked.failure.offer && looked.source && <VocabularyOffer source={looked.source} look={look} />}
        </>
      )}
      {looked.status === 'found' && !opening && <Plan plan={looked.plan} onClose={stop} />}
    </>
  )
}

/** Offers to look a model up again that has no tokenizer, to be read with the built-in vocabulary. */
function VocabularyOffer({ source, look }: Pick<Lookup, 'look'> & { readonly source: ModelPlan['source'] }) {
  const again = () => look?.(async () => ({ ...source, tokenizer: BUILT_IN_VOCABULARY }))
  return (
    <button type="button" className="button" onClick={again}>
      Read it with the built-in vocabulary
    </button>
  )
}

const NOT_TOLD = 'size not told'

function amountOf({ files, bytes }: ModelPlan): string {
  const atLeast = files.some((file) => file.bytes === null) ? 'at least ' : ''
  return `${files.length} files, ${atLeast}${formatBytes(bytes)}`
}

function Plan({ plan, onClose }: { readonly plan: ModelPlan; readonly onClose: () => void }) {
  const { open } = useModelTarget()
  const { source, files, bytes, keptBytes } = plan
  const told = files.every((file) => file.bytes !== null)
  const missing = bytes - keptBytes
  return (
    <div className="model-plan">
      <p>
        <strong>{requestName(source)}</strong>: {plan.family}, {FORMAT_NAMES[plan.format]}
        {plan.commit && `, commit ${plan.commit.slice(0, 10)}`}
        {plan.offline && ' (the hub does not answer: this is what it said the last time)'}
      </p>
      <table className="model-files">
        <caption className="visually-hidden">Files to fetch</caption>
        <tbody>
          {files.map((file) => (
            <tr key={file.path}>
              <th scope="row">{file.path}</th>
              <td>{file.bytes === null ? NOT_TOLD : formatBytes(file.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {bytes > LARGE_BYTES && (
        <p className="problem">
          {formatBytes(bytes)} of weights are more than most browsers give a tab. It may be refused for want
          of memory; what is open then stays open.
        </p>
      )}
      <div className="row">
        <button type="button" className="button button-accent" onClick={() => open(source)}>
          {!told && 'Fetch it and open'}
          {told &&
            (missing > 0 ? `Fetch ${formatBytes(missing)} and open` : 'Open it: all its files are here')}
        </button>
        <button type="button" className="button" onClick={onClose}>
          Not now
        </button>
        {missing > 0 && keptBytes > LOOKED_UP_BYTES && (
          <span className="soft">{formatBytes(keptBytes)} of it are already here.</span>
        )}
      </div>
    </div>
  )
}
