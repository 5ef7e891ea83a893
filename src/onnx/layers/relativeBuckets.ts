/**
 * Returns MPNet's bucket of a relative position, after T5's (Raffel et al. 2020): half of the buckets for each
 * direction, in each half the near positions one by one and the far ones by logarithm. In fp32, step by step as
 * transformers computes it, where rounding decides at the borders.
 *
 * @param ahead i - j for the position i that looks and the position j that is looked at
 */
export function mpnetBucket(ahead: number, buckets: number): number {
  const { fround, log, floor, min, abs } = Math
  const perDirection = buckets / 2
  const exact = perDirection / 2
  const base = ahead < 0 ? perDirection : 0
  const distance = abs(ahead)
  if (distance < exact) return base + distance
  const ratio = fround(fround(log(fround(distance / exact))) / fround(log(MPNET_FARTHEST / exact)))
  return base + min(exact + floor(fround(ratio * (perDirection - exact))), perDirection - 1)
}

/** Distance from which on every position shares the last bucket. */
const MPNET_FARTHEST = 128

/**
 * Returns DeBERTa-v2's bucket of a relative position (He et al. 2021, v3's code): near positions one by one, far ones
 * by logarithm, with the sign of the direction. In fp32, step by step as transformers computes it.
 *
 * @param ahead i - j for the position i that looks and the position j that is looked at
 */
export function debertaBucket(ahead: number, buckets: number, maxPositions: number): number {
  const { fround, log, ceil, abs, sign, trunc } = Math
  const mid = trunc(buckets / 2)
  const distance = abs(ahead)
  if (distance <= mid) return ahead
  const ratio = fround(fround(log(fround(distance / mid))) / fround(log(fround((maxPositions - 1) / mid))))
  return sign(ahead) * (ceil(fround(ratio * (mid - 1))) + mid)
}
