/** Names the norms of the paper's section 3: p in {1, 2, infinity}. */
export const NORMS = ['l1', 'l2', 'linf'] as const

export type Norm = (typeof NORMS)[number]

/** Names of the norms, as the paper writes them. */
export const NORM_NAMES: Readonly<Record<Norm, string>> = { l1: 'l1', l2: 'l2', linf: 'l∞' }
