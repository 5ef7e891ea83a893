/** The norms of the paper's section 3: p in {1, 2, infinity}. */
export const NORMS = ['l1', 'l2', 'linf'] as const

export type Norm = (typeof NORMS)[number]
