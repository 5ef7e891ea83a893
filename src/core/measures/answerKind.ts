/**
 * Names what a model's answer to a whole text is, and so what a change of it is measured by. `label`: the probability of
 * the label that stands first. `score`: its score. `next-token`: what a causal language model expects after the text.
 * `mask`: what a masked one expects at a mask of the text.
 */
export type AnswerKind = 'label' | 'score' | 'next-token' | 'mask'
