import { EMPTY_SESSION, type Session } from '../../core/session/session'
import { EXAMPLES } from './examples'

/** Holds an example for a chapter of the story; ids are of the built-in model's vocabulary. */
export interface LearnExample {
  readonly label: string
  readonly session: Session
}

export type ChapterName = 'common' | 'depth' | 'identifiability' | 'effect'

/** Slug of the example that the story is told with: it holds the paper's own word, “ashamed”. */
export const STORY_EXAMPLE = 'slow-first-hour'

const text = EXAMPLES.find(({ slug }) => slug === STORY_EXAMPLE)?.text ?? ''

const at = (position: number): Session => ({ ...EMPTY_SESSION, text, position })

const IS = { position: 12, tokenId: 2024 }
const ASHAMED = 40
const CORPUS: LearnExample = {
  label: 'Corpus: the figures of the whole run',
  session: { ...at(20), view: 'corpus' },
}

const BEST: Session = { ...EMPTY_SESSION, text: 'This is the best film I have seen in years.', position: 4 }
const WORST = 5409

/** Examples by chapter; each opens as a permalink. Substitutes that are not named are the nearest neighbours. */
export const LEARN_EXAMPLES: Readonly<Record<ChapterName, readonly LearnExample[]>> = {
  common: [
    { label: 'Explore: “is”, a common word', session: at(IS.position) },
    { label: 'Explore: “charming”, a rarer one', session: at(26) },
    CORPUS,
  ],
  depth: [
    {
      label: 'Explore: “is” and “wonderful” beside each other',
      session: { ...at(20), pins: [{ text, substitutions: [IS], color: 1 }] },
    },
    CORPUS,
  ],
  identifiability: [
    { label: 'Explore: “ashamed”, the paper’s word, layer by layer', session: at(ASHAMED) },
    CORPUS,
  ],
  effect: [
    { label: 'Explore: “best” and its nearest neighbour', session: BEST },
    { label: 'Explore: “best” → “worst”', session: { ...BEST, tokenId: WORST } },
    CORPUS,
  ],
}
