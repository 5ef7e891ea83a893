import { useEffect, useMemo } from 'react'
import { shippedRunName, shippedRunOf } from '../../core/corpus/shippedRuns'
import { encodePermalink } from '../../core/session/permalink'
import { openTokens } from '../../state/corpus/corpusTokens'
import { type ChapterName, LEARN_EXAMPLES, type LearnExample } from '../../state/learn/learnExamples'
import type { AppStoreState } from '../../state/store'
import { useActions, useAppStore } from '../appContext'
import { runFacts } from '../corpus/corpusWords'
import { PAPER } from '../glossary'
import { Verdicts } from '../Verdicts'
import { courseOnScreen, effectOnScreen, readingOnScreen, smallestOnScreen } from './onScreen'
import { chapterFindings } from './runFindings'
import './learn.css'

interface Chapter {
  readonly name: ChapterName
  readonly title: string
  readonly lead: string
  /** Describes the chapter's result on the page under this dialog; null if there is none. */
  readonly onScreen: (state: AppStoreState) => string | null
}

const CHAPTERS: readonly Chapter[] = [
  {
    name: 'common',
    title: 'Minimal shifts fall on common tokens',
    lead: 'Replace each token of a review by its nearest neighbour in the embedding table, one at a time, and look which replacements move the embedding layer least.',
    onScreen: smallestOnScreen,
  },
  {
    name: 'depth',
    title: 'How a change travels with depth',
    lead: 'The same replacement, followed through the layers: the distance between the two runs of the model after each of them.',
    onScreen: courseOnScreen,
  },
  {
    name: 'identifiability',
    title: 'Identifiability falls',
    lead: 'Ask of each hidden state which token of the vocabulary it is closest to. Near the input it is the token that stands there; further up it mixes with its neighbours.',
    onScreen: readingOnScreen,
  },
  {
    name: 'effect',
    title: 'Does a minimal shift mean a minimal effect?',
    lead: 'The paper leaves this for later: whether the replacement that moves the embedding least also moves the prediction least.',
    onScreen: effectOnScreen,
  },
]

/** Tells the paper's story with the numbers of a run and of the review on screen; each example is a link. */
export default function LearnStory({ onOpen }: { readonly onOpen: () => void }) {
  const { openShippedRun } = useActions()
  const untouched = useAppStore((state) => state.corpus.run.status === 'idle' && state.session.run === null)
  useEffect(() => {
    if (untouched) openShippedRun()
  }, [untouched, openShippedRun])
  return (
    <div className="story">
      <p>
        After {PAPER.authors}, {PAPER.title} (
        <a href={PAPER.url} rel="noreferrer" target="_blank">
          {PAPER.identifier}
        </a>
        ). Every example opens in this page, behind this window; use the browser’s back button to return.
      </p>
      <RunLine />
      {CHAPTERS.map((chapter, i) => (
        <ChapterSection key={chapter.name} chapter={chapter} number={i + 1} onOpen={onOpen} />
      ))}
    </div>
  )
}

/** Names the run whose numbers are told. */
function RunLine() {
  const { status, value, failure } = useAppStore((state) => state.corpus.run)
  const { openShippedRun } = useActions()
  if (value) {
    const { origin, provenance } = value.header
    const shipped = origin.kind === 'shipped' ? shippedRunOf(value.header.id) : null
    return (
      <p className="soft">
        {shipped
          ? `Numbers of the run that ships with the page: ${shippedRunName(shipped)}`
          : `Numbers of the run that is open: ${origin.name}, ${provenance.modelId}`}
        , {runFacts(value.header)}.{shipped && ' Corpus offers other models and texts.'}
      </p>
    )
  }
  if (status === 'loading') return <p className="soft">Opening the run that ships with the page…</p>
  return (
    <div className="row">
      <p className="soft">
        {failure
          ? `${failure.message} The chapters tell what the paper finds and what is on screen.`
          : 'No run is open: the chapters tell what the paper finds and what is on screen.'}
      </p>
      <button type="button" className="button-text" onClick={() => openShippedRun()}>
        Open the run that ships with the page
      </button>
    </div>
  )
}

interface ChapterSectionProps {
  readonly chapter: Chapter
  readonly number: number
  readonly onOpen: () => void
}

function ChapterSection({ chapter, number, onOpen }: ChapterSectionProps) {
  const { name, title, lead } = chapter
  const figures = useAppStore((state) => state.corpus.figures.value)
  const { known, entryOf } = useAppStore(openTokens)
  const onScreen = useAppStore(chapter.onScreen)
  const { findings, claims } = useMemo(
    () => chapterFindings(name, figures, known ? entryOf : null),
    [name, figures, known, entryOf],
  )
  const id = `learn-${name}`
  return (
    <section className="chapter" aria-labelledby={id}>
      <h3 id={id}>
        <span aria-hidden="true">{number}. </span>
        {title}
      </h3>
      <p>{lead}</p>
      {findings.map(({ paper, run }) => (
        <div className="chapter-finding" key={paper ?? run}>
          {paper && <p className="soft">{paper}</p>}
          {run && <p>{run}</p>}
        </div>
      ))}
      {claims.length > 0 && <Verdicts claims={claims} />}
      {onScreen && <p className="chapter-screen">{onScreen}</p>}
      <ul className="chapter-links">
        {LEARN_EXAMPLES[name].map((example) => (
          <ExampleLink key={example.label} example={example} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  )
}

function ExampleLink({ example, onOpen }: { readonly example: LearnExample; readonly onOpen: () => void }) {
  const fragment = useMemo(() => encodePermalink(example.session), [example])
  return (
    <li>
      <a href={fragment} onClick={onOpen}>
        {example.label}
      </a>
    </li>
  )
}
