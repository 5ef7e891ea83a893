import type { ClaimName } from '../core/corpus/figures/claims'

/** Statements of the paper, in a few words. */
export const CLAIM_WORDS: Readonly<Record<ClaimName, string>> = {
  'norms-alike': 'the three norms choose the same tokens',
  'ranks-alike': 'they rank the 20 most frequent of them alike',
  punctuation: 'mostly punctuation and numbers are chosen',
  concentrated: 'a few tokens hold nearly all substitutions',
  'falls-with-commonness': 'the shift falls with commonness',
  'rises-with-depth': 'the distance rises with depth up to the layer before the last',
  'falls-at-last': 'the distance falls at the last layer',
  'variance-grows': 'the variance grows with depth',
  'first-ranks-low': 'the two smallest shifts stay the smallest distances',
  'identifiability-falls': 'identifiability falls at every layer',
  'lost-from-layer-8': 'from layer 8 on a hidden state no longer reads as its token',
}
