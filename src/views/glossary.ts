interface GlossaryEntry {
  readonly term: string
  readonly definition: string
  /** Definition as a formula. */
  readonly formula?: string
  /**
   * Equation, figure or section of the paper; another source of the definition; or a note that it goes beyond the
   * paper.
   */
  readonly source: string
}

const BEYOND = 'beyond the paper'

const ENTRIES = [
  {
    term: 'Token',
    definition:
      'A word or a piece of one, as the model’s tokenizer cuts the text; special tokens ([CLS], [SEP]) are never substituted.',
    formula: 'x = t₁ … tₙ',
    source: 'Section 3',
  },
  {
    term: 'Word-embedding table, W',
    definition: 'One row for each token of the vocabulary, of the model’s width.',
    source: 'Eq. 1',
  },
  {
    term: 'Hidden state, h_l',
    definition:
      'What the model holds at each position after layer l; h₀ is the output of the embedding layer (“emb”), h_L of the last encoder layer.',
    source: 'Section 3',
  },
  {
    term: 'Substitute',
    definition:
      'The token whose row in the word-embedding table has the highest cosine with the original token’s row, the original left out.',
    formula: 't′ = argmax over v ≠ t of cos(W_t, W_v)',
    source: 'Eq. 1',
  },
  {
    term: 'Embedding shift',
    definition:
      'How far the output of the embedding layer moves when one token is replaced; in one of three norms.',
    formula: '‖h₀(x) − h₀(x′)‖, p = 1, 2, ∞',
    source: 'Section 3',
  },
  {
    term: 'Norms l1, l2, l∞',
    definition:
      'Sum of the sizes of all entries, root of the sum of their squares, and the largest size of an entry.',
    source: 'Section 3',
  },
  {
    term: 'Raw shift',
    definition: 'The same between the rows of the table themselves, before position, type and LayerNorm.',
    formula: '‖W_t − W_t′‖',
    source: BEYOND,
  },
  {
    term: 'Least-impactful tokens',
    definition: 'The five positions of a text whose substitution gives the smallest embedding shift.',
    source: 'Fig. 1',
  },
  {
    term: 'Commonness',
    definition:
      'How often a token occurs in the corpus, on a logarithmic scale from 0 (the rarest that occurs) to 1.',
    formula: 'log(1 + f), min-max scaled',
    source: 'Fig. 2',
  },
  {
    term: 'Distance by layer, D_l',
    definition: 'How far layer l moves: l2 norm over the whole sequence.',
    formula: '‖h_l(x) − h_l(x′)‖₂',
    source: 'Fig. 3',
  },
  {
    term: 'Relative distance',
    definition: 'The same as a part of the size of the layer itself.',
    formula: 'D_l / ‖h_l(x)‖₂',
    source: BEYOND,
  },
  {
    term: 'Own position',
    definition: 'The distance at the substituted positions alone.',
    source: BEYOND,
  },
  {
    term: '1 − cosine',
    definition: 'How far the direction of a layer turns, its size left aside.',
    formula: '1 − cos(h_l(x), h_l(x′))',
    source: BEYOND,
  },
  {
    term: 'Ripple',
    definition: 'The distance at every position on its own: where, and how deep, a change is felt.',
    formula: '‖h_l(x)_j − h_l(x′)_j‖₂',
    source: BEYOND,
  },
  {
    term: 'Effect',
    definition:
      'How far a change moves the answer: the logit of the label that stood first minus that of its strongest rival; of a language model ln p of the token that it expected first.',
    formula: 'E = v(x′) − v(x)',
    source: 'Vig et al. 2020; beyond the paper',
  },
  {
    term: 'Restored, transferred',
    definition:
      'The share of the effect that is undone where the original’s hidden state is put back into the changed run, or made where the changed state is put into the original run: which states carry the change to the answer (activation patching).',
    formula: '1 − E(patched) / E; E(patched) / E',
    source: 'Vig et al. 2020; Meng et al. 2022; beyond the paper',
  },
  {
    term: 'Answer by layer',
    definition:
      'What the model’s head answers to the hidden states of a layer. It was trained for the last layer only, so that it shows what can be read there, not what the model would answer.',
    source: 'Logit lens, nostalgebraist 2020; beyond the paper',
  },
  {
    term: 'Reads as, closest token',
    definition: 'The token whose row in the word-embedding table has the highest cosine with a hidden state.',
    formula: 'argmax over v of cos(h_l,j, W_v)',
    source: 'Table of closest tokens',
  },
  {
    term: 'Identifiability',
    definition: 'Share of positions whose hidden state reads as the token that stands there, by layer.',
    source: 'Section 4, after Brunner et al. 2019',
  },
  {
    term: 'Prediction change, Δ p',
    definition: 'Probability after minus before, of the label that stood first before the change.',
    formula: 'p(y | x′) − p(y | x)',
    source: BEYOND,
  },
  {
    term: 'Label flip',
    definition: 'Another label stands first after the change.',
    source: BEYOND,
  },
  {
    term: 'Tint of the review',
    definition:
      'How far each token’s nearest neighbour, alone in its place, moves the embedding, the last layer, or the answer; strong moves far.',
    source: BEYOND,
  },
  {
    term: 'Occlusion',
    definition:
      'The same with the mask token in a token’s place, or with the token deleted; after a deletion the tokens that remain are compared.',
    source: 'after Zeiler and Fergus 2014',
  },
  {
    term: 'Fewest substitutions that flip',
    definition:
      'The smallest set of substitutions by near neighbours that changes the label (or the token that comes first), as far as greedy and beam search find one.',
    source: 'after Morris et al. 2020',
  },
  {
    term: 'KL',
    definition:
      'Kullback–Leibler divergence, in nats, of the probabilities before the change, of labels or of tokens, from those after it.',
    formula: 'Σ p(x) · ln(p(x) / p(x′))',
    source: BEYOND,
  },
  {
    term: 'Next token, fill the mask',
    definition:
      'What a language model expects: the probability of each token to come next (causal) or to stand where the mask stands (masked).',
    formula: 'p(t | x before it), p(t | x with a mask)',
    source: BEYOND,
  },
  {
    term: 'Entropy',
    definition:
      'How undecided a distribution is, in nats; e to its power is a number of equally likely tokens.',
    formula: '−Σ p · ln p',
    source: BEYOND,
  },
  {
    term: 'Likelihood, pseudo-likelihood',
    definition:
      'How well a language model expects the text’s own tokens: ln p of each, given those before it, or with it alone masked.',
    formula: 'Σ ln p(tᵢ | …)',
    source: 'Salazar et al. 2020 for masked models; beyond the paper',
  },
  {
    term: 'Additive, super-additive',
    definition:
      'Whether two changes together move a layer as far as the sum of what each moves alone, or further.',
    formula: 'D(a + b) / (D(a) + D(b))',
    source: BEYOND,
  },
  {
    term: 'Perturbation',
    definition:
      'A change of one token: its nearest neighbour, its k-th, a random token, the mask, its deletion, or a swap with the next.',
    source: 'Section 3; all but the nearest beyond the paper',
  },
  {
    term: 'Kept change',
    definition: 'A substitution that stays while another token is changed on top of it.',
    source: BEYOND,
  },
  {
    term: 'Pin',
    definition: 'A measured change whose curve stays while you try another one, with its own colour.',
    source: BEYOND,
  },
] as const satisfies readonly GlossaryEntry[]

export type TermName = (typeof ENTRIES)[number]['term']

/** Terms, one line each, in the field's words. */
export const GLOSSARY: readonly GlossaryEntry[] = ENTRIES

export const PAPER = {
  authors: 'Conti, Astruc, Parafita, Brando',
  title: 'Probing the Embedding Space of Transformers via Minimal Token Perturbations',
  venue: 'IJCAI 2025 Workshop on Explainable AI',
  identifier: 'arXiv:2506.18011',
  url: 'https://arxiv.org/abs/2506.18011',
} as const
