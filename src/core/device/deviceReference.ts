import * as v from 'valibot'
import { fail } from '../failure'

const index = v.pipe(v.number(), v.integer(), v.minValue(0))
const amounts = v.array(v.pipe(v.number(), v.finite()))
const amount = v.pipe(v.number(), v.finite())

const caseSchema = v.object({
  name: v.string(),
  text: v.string(),
  inputIds: v.pipe(v.array(index), v.minLength(3)),
  /** Logits of the unchanged text, one per label. */
  logits: amounts,
  /** Ten nearest tokens of a position: ids, cosines (eq. 1), l2 embedding shifts. */
  neighbors: v.array(v.object({ position: index, ids: v.array(index), cosines: amounts, shifts: amounts })),
  measurements: v.array(
    v.object({
      substitutions: v.array(v.object({ position: index, tokenId: index })),
      shift: v.object({ l1: amount, l2: amount, linf: amount }),
      /** D_l, l = 0..L */
      distances: amounts,
      logits: amounts,
    }),
  ),
})

const referenceSchema = v.object({
  format: v.literal('ripplescope-reference'),
  version: v.literal(1),
  model: v.object({ id: v.string(), sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
  /** Versions of the libraries that measured. */
  torch: v.string(),
  transformers: v.string(),
  cases: v.pipe(v.array(caseSchema), v.minLength(1)),
})

/** Holds what PyTorch measures over a few texts with one model (scripts/deviceReference.mjs). */
export type DeviceReference = v.InferOutput<typeof referenceSchema>
export type DeviceReferenceCase = DeviceReference['cases'][number]

/**
 * Checks a reference.
 *
 * @param value parsed JSON
 * @throws FailureError `damaged-file`
 */
export function parseDeviceReference(value: unknown): DeviceReference {
  const parsed = v.safeParse(referenceSchema, value, { abortEarly: true })
  if (!parsed.success) {
    return fail('damaged-file', 'The reference that comes with the page is damaged.', {
      kept: 'Everything else works as before.',
      advice: 'Reload the page and check again.',
    })
  }
  return parsed.output
}
