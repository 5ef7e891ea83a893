import { useScrollFocus } from '../../charts/useScrollFocus'
import type { SourcePreview } from '../../core/corpus/corpusService'
import { useActions, useAppStore } from '../appContext'
import { counted } from './corpusWords'
import { formatBytes } from './formatBytes'

const FORMATS: Readonly<Record<SourcePreview['format'], string>> = {
  csv: 'CSV',
  tsv: 'TSV',
  jsonl: 'JSONL',
  json: 'JSON',
  txt: 'text, one a line',
  parquet: 'Parquet',
  hub: 'hub rows',
}

/** Malformed rows named one by one; more are counted. */
const MAX_NAMED = 8

/** The first rows of a source, and the column that will be read. */
export function SourcePreviewPanel() {
  const { status, value, failure } = useAppStore((state) => state.corpus.preview)
  if (status === 'error') {
    return (
      <p className="run-problem" role="alert">
        {failure?.message} {failure?.kept} {failure?.advice}
      </p>
    )
  }
  if (!value) return <p className="preview-waiting skeleton">Reading the first rows…</p>
  return (
    <section aria-label="First rows">
      <p>
        {value.name}{' '}
        <span className="soft">
          {[
            FORMATS[value.format],
            ...(value.bytes > 0 ? [formatBytes(value.bytes)] : []),
            ...(value.encoding ? [value.encoding] : []),
            ...(value.totalRows === null ? [] : [counted(value.totalRows, 'row')]),
          ].join(' · ')}
        </span>
      </p>
      {value.rows.length === 0 ? (
        <p className="run-problem" role="alert">
          No row could be read, so there is nothing to run. Choose another file.
        </p>
      ) : (
        <PreviewTable preview={value} />
      )}
      <Malformed preview={value} />
    </section>
  )
}

function PreviewTable({ preview }: { readonly preview: SourcePreview }) {
  const source = useAppStore((state) => state.corpus.source)
  const { chooseColumn } = useActions()
  const { columns, rows, likelyColumn } = preview
  const hasChoice = source !== null && 'column' in source && columns.length > 0
  const column = (hasChoice ? source.column : null) ?? likelyColumn
  return (
    <>
      {hasChoice && (
        <fieldset className="preview-columns">
          <legend>Column with the texts</legend>
          {columns.map((name) => (
            <label key={name} className="check">
              <input
                type="radio"
                name="corpus-column"
                checked={name === column}
                onChange={() => chooseColumn(name)}
              />
              {name}
              {name === likelyColumn && <span className="soft">likely</span>}
            </label>
          ))}
        </fieldset>
      )}
      <section className="preview-frame" aria-label="Table of the first rows" ref={useScrollFocus()}>
        <table className="table">
          {columns.length > 0 && (
            <thead>
              <tr>
                {columns.map((name) => (
                  <th key={name} scope="col" data-chosen={name === column || undefined}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
          )}
          <tbody>
            {rows.map((cells, row) => (
              <tr key={keyOf(row)}>
                {cells.map((cell, i) => (
                  <td key={keyOf(i)} data-chosen={columns[i] === column || undefined}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

/** Rows and cells of a preview stand where they stand. */
const keyOf = (index: number) => `${index}`

function Malformed({ preview: { malformed } }: { readonly preview: SourcePreview }) {
  if (malformed.length === 0) return null
  return (
    <div className="malformed">
      <p>
        {counted(malformed.length, 'row')} among the first could not be read and will be left out; the others
        are kept.
      </p>
      <ul className="soft">
        {malformed.slice(0, MAX_NAMED).map(({ line, reason }) => (
          <li key={line}>
            line {line}: {reason}
          </li>
        ))}
        {malformed.length > MAX_NAMED && <li>and {malformed.length - MAX_NAMED} more</li>}
      </ul>
    </div>
  )
}
