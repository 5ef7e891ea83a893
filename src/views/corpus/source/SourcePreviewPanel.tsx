import { useScrollFocus } from '../../../charts/useScrollFocus'
import type { SourcePreview } from '../../../core/corpus/corpusService'
import { formatBytes } from '../../../core/formatBytes'
import { useActions, useAppStore } from '../../appContext'
import { counted } from '../corpusWords'
import { LabelChoices } from './LabelChoices'

const FORMATS: Readonly<Record<SourcePreview['format'], string>> = {
  csv: 'CSV',
  tsv: 'TSV',
  jsonl: 'JSONL',
  json: 'JSON',
  txt: 'text, one a line',
  parquet: 'Parquet',
  hub: 'hub rows',
}

/** Number of malformed rows that are listed; more are only counted. */
const MAX_NAMED = 8

/** Shows the first rows of a source, and the column that will be read. */
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
      <ReadingChoices preview={value} />
      {value.rows.length === 0 ? (
        <p className="run-problem" role="alert">
          No row could be read, so there is nothing to run. Choose another file.
        </p>
      ) : (
        <>
          <PreviewTable preview={value} />
          <LabelChoices preview={value} />
        </>
      )}
      <Malformed preview={value} />
    </section>
  )
}

/** Most common encodings of files; the detected one is added to the list. */
const ENCODINGS = [
  'UTF-8',
  'windows-1252',
  'iso-8859-15',
  'GB18030',
  'Big5',
  'Shift_JIS',
  'EUC-JP',
  'ISO-2022-JP',
  'EUC-KR',
  'windows-1250',
  'windows-1251',
  'KOI8-R',
  'IBM866',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'UTF-16LE',
  'UTF-16BE',
  'macintosh',
  'x-mac-cyrillic',
]

const DELIMITERS = [
  [',', 'comma'],
  [';', 'semicolon'],
  ['\t', 'tab'],
  ['|', 'bar'],
] as const

/** Lines on which the header may be. */
const HEADER_LINES = [1, 2, 3, 4, 5, 6, 7, 8]

/** Says how the file is read, and offers to read it differently. */
function ReadingChoices({ preview }: { readonly preview: SourcePreview }) {
  const source = useAppStore((state) => state.corpus.source)
  const { chooseReading } = useActions()
  const { encoding, reading = {}, notes = [] } = preview
  if (source?.kind !== 'file') return null
  const { delimiter, header, orient, keepNa, backslash } = reading
  const encodings = encoding === null || ENCODINGS.includes(encoding) ? ENCODINGS : [encoding, ...ENCODINGS]
  const known = DELIMITERS.some(([one]) => one === delimiter)
  return (
    <>
      {encoding !== null && (
        <div className="preview-reading">
          <label className="check">
            Encoding
            <select value={encoding} onChange={({ target }) => chooseReading({ encoding: target.value })}>
              {encodings.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          {delimiter !== undefined && (
            <label className="check">
              Fields set apart by
              <select value={delimiter} onChange={({ target }) => chooseReading({ delimiter: target.value })}>
                {!known && <option value={delimiter}>nothing: one column</option>}
                {DELIMITERS.map(([value, name]) => (
                  <option key={name} value={value}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          )}
          {header !== undefined && (
            <label className="check">
              Columns named by
              <select
                value={header ?? 'none'}
                onChange={({ target }) =>
                  chooseReading({ header: target.value === 'none' ? null : Number(target.value) })
                }
              >
                <option value="none">no line</option>
                {HEADER_LINES.map((line) => (
                  <option key={line} value={line}>
                    line {line}
                  </option>
                ))}
                {header !== null && !HEADER_LINES.includes(header) && (
                  <option value={header}>line {header}</option>
                )}
              </select>
            </label>
          )}
          {backslash !== undefined && (
            <label className="check">
              A quote in a text is written
              <select
                value={backslash ? 'backslash' : 'doubled'}
                onChange={({ target }) => chooseReading({ backslash: target.value === 'backslash' })}
              >
                <option value="doubled">twice: &quot;&quot;</option>
                <option value="backslash">behind a backslash: \&quot;</option>
              </select>
            </label>
          )}
          {keepNa !== undefined && (
            <label className="check">
              <input
                type="checkbox"
                checked={!keepNa}
                onChange={({ target }) => chooseReading({ keepNa: !target.checked })}
              />
              Leave out NA, null, nan: missing values
            </label>
          )}
          {orient !== undefined && (
            <label className="check">
              The object holds
              <select
                value={orient}
                onChange={({ target }) =>
                  chooseReading({ orient: target.value === 'columns' ? 'columns' : 'rows' })
                }
              >
                <option value="columns">columns</option>
                <option value="rows">rows</option>
              </select>
            </label>
          )}
        </div>
      )}
      {notes.map((note) => (
        <p className="soft" key={note}>
          {note}
        </p>
      ))}
    </>
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

/** Returns a key; rows and cells of a preview never change their order. */
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
