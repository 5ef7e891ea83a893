import { GLOSSARY, PAPER } from '../glossary'
import { WithSubscripts } from '../WithSubscripts'
import './learn.css'

const KEYS: readonly (readonly [string, string])[] = [
  ['Arrow keys', 'from token to token, from neighbour to neighbour, along the charts'],
  ['Enter', 'choose the token under the focus'],
  ['Ctrl + Z, Ctrl + Shift + Z', 'undo, redo'],
  ['Ctrl + V', 'replace the review by the clipboard'],
  ['Escape', 'close what is open; leave the tour'],
]

interface HelpBodyProps {
  readonly onTour: () => void
  readonly onLearn: () => void
}

/** Explains what is measured, every term, the keys, and the ways to learn more. */
export default function HelpBody({ onTour, onLearn }: HelpBodyProps) {
  return (
    <>
      <p>
        Replace one token by its nearest neighbour, the smallest change a text can have, and watch how far
        each layer of the model moves. All of it is computed in this page; the text never leaves it.
      </p>
      <div className="row">
        <button type="button" className="button button-accent" onClick={onTour}>
          Take the tour
        </button>
        <button type="button" className="button" onClick={onLearn}>
          The paper’s story, with live examples
        </button>
      </div>
      <h3>Glossary</h3>
      <dl className="glossary">
        {GLOSSARY.map(({ term, definition, formula, source }) => (
          <div key={term}>
            <dt>
              <WithSubscripts text={term} />
            </dt>
            <dd>
              <WithSubscripts text={definition} />{' '}
              {formula && (
                <span className="formula">
                  <WithSubscripts text={formula} />
                </span>
              )}{' '}
              <span className="soft">({source})</span>
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
        {PAPER.authors}. {PAPER.title}. {PAPER.venue}.{' '}
        <a href={PAPER.url} rel="noreferrer" target="_blank">
          {PAPER.identifier}
        </a>
      </p>
    </>
  )
}
