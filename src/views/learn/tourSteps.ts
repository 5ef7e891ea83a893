import type { ComponentType } from 'react'
import { ChooseAnother, GuessTheLabel } from './TourTask'
import type { Side } from './tourPlacement'

export interface TourStep {
  readonly title: string
  readonly body: string
  /** Asks the reader to do something, and says what came of it. */
  readonly Task?: ComponentType
  /** Selectors of the explained element; the first one on the page is used. */
  readonly targets: readonly string[]
  /** Sides at which the words may be placed, best first. */
  readonly sides: readonly Side[]
}

export const TOUR_STEPS: readonly TourStep[] = [
  {
    title: 'Choose a word to replace',
    body: 'Each word is a token of the model. The stronger its tint, the farther its nearest neighbour would move it; dots mark the five that barely move. Click one, or use the arrow keys and Enter.',
    Task: ChooseAnother,
    targets: ['#review .review-text', '#review'],
    sides: ['below', 'above'],
  },
  {
    title: 'See whether the answer holds',
    body: 'The model’s answer before the change (ring) and after it (dot), with the change as the large number.',
    Task: GuessTheLabel,
    targets: ['.prediction', '#review'],
    sides: ['left', 'below', 'above'],
  },
  {
    title: 'Choose what takes its place',
    body: 'The nearest tokens of the embedding table, the smallest changes a text can have. Choose another one, or type any word of the vocabulary.',
    targets: ['#substitutes'],
    sides: ['right', 'above', 'below'],
  },
  {
    title: 'Follow the change from layer to layer',
    body: 'The distance between the two runs of the model, from the embedding layer to the last. Pin a change to keep its line beside the next ones.',
    targets: ['#curve'],
    sides: ['left', 'below', 'above'],
  },
  {
    title: 'See where the change is felt',
    body: 'The same distance at every position on its own: one row a layer, one column a token. Point at a cell for its value and what the model reads there.',
    targets: ['#ripple'],
    sides: ['left', 'above', 'below'],
  },
  {
    title: 'Share it, look further',
    body: 'Share gives a link that opens the same view. Under “?” are the paper’s story with live examples, a glossary, and this tour. Corpus repeats the paper’s figures over many reviews.',
    targets: ['.topbar-tools'],
    sides: ['below', 'above'],
  },
]
