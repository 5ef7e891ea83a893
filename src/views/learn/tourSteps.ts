import type { Side } from './tourPlacement'

export interface TourStep {
  readonly title: string
  readonly body: string
  /** Selectors of the explained element; the first one on the page is used. */
  readonly targets: readonly string[]
  /** Sides at which the words may be placed, best first. */
  readonly sides: readonly Side[]
}

export const TOUR_STEPS: readonly TourStep[] = [
  {
    title: 'The review, as the model reads it',
    body: 'Each word is a token, the stronger tinted the farther its nearest neighbour would move the embedding. Dots mark the five that move it least. Click one, or walk with the arrow keys and press Enter.',
    targets: ['#review section', '#review'],
    sides: ['below', 'above'],
  },
  {
    title: 'What could stand in its place',
    body: 'The nearest tokens of the embedding table, the smallest changes a text can have. Choose another one, or type any token of the vocabulary.',
    targets: ['#substitutes'],
    sides: ['right', 'above', 'below'],
  },
  {
    title: 'How far each layer moves',
    body: 'The distance between the two runs of the model, from the embedding layer to the last. Pin a change to keep its line beside the next ones.',
    targets: ['#curve'],
    sides: ['left', 'below', 'above'],
  },
  {
    title: 'Where the change is felt',
    body: 'The same distance at every position on its own: one row a layer, one column a token. Point at a cell for its value and what the model reads there.',
    targets: ['#ripple'],
    sides: ['left', 'above', 'below'],
  },
  {
    title: 'Keep it, share it, look further',
    body: 'Share gives a link that opens the same view. Under “?” are the paper’s story with live examples, a glossary, and this tour. Corpus repeats the paper’s figures over many reviews.',
    targets: ['.topbar-tools'],
    sides: ['below', 'above'],
  },
]
