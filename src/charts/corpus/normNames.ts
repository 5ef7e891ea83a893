import type { Norm } from '../../core/norm'

/** As the paper writes them. */
export const NORM_NAMES: Readonly<Record<Norm, string>> = { l1: 'l1', l2: 'l2', linf: 'l∞' }
