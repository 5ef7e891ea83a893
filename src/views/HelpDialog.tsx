import { Dialog } from './Dialog'
import { GLOSSARY, PAPER } from './glossary'

const KEYS: readonly (readonly [string, string])[] = [
  ['Arrow keys', 'from token to token, from neighbour to neighbour, along the charts'],
  ['Enter', 'choose the token under the focus'],
  ['Ctrl + Z, Ctrl + Shift + Z', 'undo, redo'],
  ['Ctrl + V', 'replace the review by the clipboard'],
]

export function HelpDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} title="What is measured" onClose={onClose}>
      <p>
        Replace one token by its nearest neighbour, the smallest change a text can have, and watch how far
        each layer of the model moves. All of it is computed in this page; the text never leaves it.
      </p>
      <dl className="glossary">
        {GLOSSARY.map(({ term, definition, source }) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              {definition} {source && <span className="soft">({source})</span>}
            </dd>
          </div>
        ))}
      </dl>
      <h3>Keys</h3>
      <dl className="facts">
        {KEYS.map(([keys, what]) => (
          <div key={keys} style={{ display: 'contents' }}>
            <dt>{keys}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h3>Paper</h3>
      <p>
        {PAPER.citation}{' '}
        <a href={PAPER.url} rel="noreferrer" target="_blank">
          {PAPER.identifier}
        </a>
      </p>
    </Dialog>
  )
}
