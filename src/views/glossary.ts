export interface GlossaryEntry {
  readonly term: string
  readonly definition: string
  /** Equation, figure or section of the paper. */
  readonly source?: string
}

/** One line each, in the field's words. */
export const GLOSSARY: readonly GlossaryEntry[] = [
  {
    term: 'Substitute',
    definition:
      'The token of the vocabulary whose row in the word-embedding table has the highest cosine with the original token’s row, the original left out.',
    source: 'Eq. 1',
  },
  {
    term: 'Embedding shift',
    definition:
      'l1, l2 or l∞ norm of h₀(x) − h₀(x′): how far the output of the embedding layer moves when one token is replaced.',
    source: 'Section 3',
  },
  {
    term: 'Least-impactful tokens',
    definition: 'The five positions of a text whose substitution gives the smallest embedding shift.',
    source: 'Fig. 1',
  },
  {
    term: 'Distance by layer, D_l',
    definition:
      'l2 norm of h_l(x) − h_l(x′) over the whole sequence; l = 0 is the embedding layer (“emb”), l = L the last encoder layer.',
    source: 'Fig. 3',
  },
  {
    term: 'Ripple',
    definition: 'The same distance at every position on its own: where, and how deep, a change is felt.',
  },
  {
    term: 'Reads as',
    definition: 'The token whose row in the word-embedding table has the highest cosine with a hidden state.',
    source: 'Table of closest tokens',
  },
  {
    term: 'KL',
    definition:
      'Kullback–Leibler divergence, in nats, of the label probabilities before the change from those after it.',
  },
]

export const PAPER = {
  citation:
    'Conti, Astruc, Parafita, Brando. Probing the Embedding Space of Transformers via Minimal Token Perturbations. IJCAI 2025 Workshop on Explainable AI.',
  identifier: 'arXiv:2506.18011',
  url: 'https://arxiv.org/abs/2506.18011',
} as const
