import * as v from 'valibot'
import {
  type CausalFigure,
  type CommonnessFigure,
  type Correlation,
  EFFECTS,
  type EffectFigure,
  type Figures,
  type FrequencyFigure,
  type IdentifiabilityFigure,
  type LayerStatistic,
  type LearnedFigure,
  type PairsFigure,
  type PerturbationsFigure,
  type PropagationFigure,
  type ProxiesFigure,
} from '../../core/corpus/figures/figures'
import { PERTURBATIONS, PLACES } from '../../core/corpus/runSettings'
import { NORMS, type Norm } from '../../core/measures/norm'
import { damaged } from './damagedRun'

/** Holds figures that come with a run, by the norm under which they were computed. */
export type ShippedFigures = Partial<Readonly<Record<Norm, Figures>>>

/** Checks a number; null, which JSON has in place of NaN and infinite numbers, becomes NaN. */
const number = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? Number.NaN),
)
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const float32 = v.pipe(
  v.array(number),
  v.transform((values) => Float32Array.from(values)),
)
const uint32 = v.pipe(
  v.array(v.pipe(count, v.maxValue(0xffffffff))),
  v.transform((values) => Uint32Array.from(values)),
)
const flags = v.pipe(
  v.array(v.picklist([0, 1])),
  v.transform((values) => Uint8Array.from(values)),
)
const norm = v.picklist(NORMS)

const correlation: v.GenericSchema<unknown, Correlation> = v.strictObject({
  coefficient: number,
  p: number,
  n: count,
})
const correlations = v.strictObject({ pearson: correlation, spearman: correlation })
const interval = { low: number, high: number }
const layerStatistic: v.GenericSchema<unknown, LayerStatistic> = v.strictObject({
  layer: count,
  n: count,
  mean: number,
  ...interval,
  variance: number,
})

const frequency: v.GenericSchema<unknown, FrequencyFigure> = v.strictObject({
  sequences: count,
  tokens: v.array(
    v.strictObject({
      tokenId: count,
      counts: v.strictObject({ l1: count, l2: count, linf: count }),
      corpusShare: number,
    }),
  ),
  agreement: v.array(v.strictObject({ norms: v.tuple([norm, norm]), ...correlations.entries })),
  topShare: number,
})

const commonness: v.GenericSchema<unknown, CommonnessFigure> = v.strictObject({
  norm,
  bins: v.array(v.strictObject({ from: number, to: number, n: count, mean: number, ...interval })),
  regression: v.strictObject({
    slope: number,
    intercept: number,
    r: number,
    p: number,
    n: count,
    band: v.array(v.strictObject({ x: number, y: number, ...interval })),
  }),
  points: v.strictObject({ commonness: float32, shift: float32, tokenIds: uint32 }),
})

const propagation: v.GenericSchema<unknown, PropagationFigure> = v.strictObject({
  ranks: v.array(v.strictObject({ rank: count, layers: v.array(layerStatistic) })),
  all: v.array(layerStatistic),
})

const identifiability: v.GenericSchema<unknown, IdentifiabilityFigure> = v.strictObject({
  layers: v.array(v.strictObject({ layer: count, n: count, rate: number, ...interval, medianRank: number })),
})

const effect: v.GenericSchema<unknown, EffectFigure> = v.strictObject({
  n: count,
  flips: number,
  points: v.strictObject({
    shift: float32,
    lastDistance: float32,
    change: float32,
    flipped: flags,
    tokenIds: uint32,
    rows: uint32,
  }),
  againstShift: correlations,
  againstLastDistance: correlations,
})

const place = v.picklist(PLACES)
const pairLayers = v.array(
  v.strictObject({ layer: count, n: count, ratio: number, ...interval, superAdditiveShare: number }),
)
const pairPoints = v.strictObject({ sum: float32, both: float32 })
const pairs: v.GenericSchema<unknown, PairsFigure> = v.union([
  v.strictObject({
    kinds: v.array(
      v.strictObject({
        place,
        layers: pairLayers,
        effect: v.nullable(
          v.strictObject({
            n: count,
            pearson: correlation,
            both: number,
            sum: number,
            excess: number,
            ...interval,
          }),
        ),
      }),
    ),
    points: pairPoints,
  }),
  // As earlier versions wrote it: all pairs were drawn, and their predictions not kept.
  v.pipe(
    v.strictObject({ layers: pairLayers, points: pairPoints }),
    v.transform(({ layers, points }) => ({
      kinds: [{ place: 'random' as const, layers, effect: null }],
      points,
    })),
  ),
])

const proxyLayer = v.strictObject({
  layer: count,
  spearman: number,
  ...interval,
  kendall: number,
  gainLow: number,
  gainHigh: number,
})
const affected = v.picklist(EFFECTS)
const proxies: v.GenericSchema<unknown, ProxiesFigure> = v.strictObject({
  kinds: v.array(
    v.strictObject({
      perturbation: v.picklist(PERTURBATIONS),
      place,
      tokens: v.picklist([1, 2]),
      series: v.array(
        v.strictObject({
          measure: v.picklist(['whole', 'own']),
          effect: affected,
          n: count,
          texts: count,
          layers: v.array(proxyLayer),
        }),
      ),
    }),
  ),
  overlaps: v.array(
    v.strictObject({
      effect: affected,
      texts: count,
      tokens: number,
      chosen: number,
      chance: number,
      layers: v.array(v.strictObject({ layer: count, share: number, ...interval })),
    }),
  ),
})

const perturbations: v.GenericSchema<unknown, PerturbationsFigure> = v.strictObject({
  kinds: v.array(
    v.strictObject({
      perturbation: v.picklist(PERTURBATIONS),
      n: count,
      meanShift: number,
      layers: v.array(layerStatistic),
      flips: number,
      meanChange: number,
    }),
  ),
})

const rate = v.strictObject({ rate: number, ...interval })
const learned: v.GenericSchema<unknown, LearnedFigure> = v.strictObject({
  n: count,
  texts: count,
  layers: v.array(
    v.strictObject({
      layer: count,
      cosine: rate,
      l2: rate,
      learned: rate,
      similarity: v.strictObject({ mean: number, ...interval }),
    }),
  ),
})

const carried = v.strictObject({ mean: number, ...interval })
const causal: v.GenericSchema<unknown, CausalFigure> = v.strictObject({
  kinds: v.array(
    v.strictObject({
      perturbation: v.picklist(PERTURBATIONS),
      place: v.picklist(PLACES),
      n: count,
      texts: count,
      leftOut: count,
      layers: v.array(
        v.strictObject({ layer: count, own: carried, others: carried, read: carried, whole: carried }),
      ),
    }),
  ),
})

const figures: v.GenericSchema<unknown, Figures> = v.strictObject({
  frequency: v.nullable(frequency),
  commonness: v.nullable(commonness),
  propagation: v.nullable(propagation),
  identifiability: v.nullable(identifiability),
  effect: v.nullable(effect),
  pairs: v.nullable(pairs),
  perturbations: v.nullable(perturbations),
  proxies: v.optional(v.nullable(proxies), null),
  learned: v.optional(v.nullable(learned), null),
  causal: v.optional(v.nullable(causal), null),
})

const shippedSchema = v.strictObject({
  l1: v.exactOptional(figures),
  l2: v.exactOptional(figures),
  linf: v.exactOptional(figures),
})

/** Writes figures as JSON: typed arrays as plain ones, NaN as null. */
export function formatFigures(shipped: ShippedFigures): string {
  return JSON.stringify(shipped, (_, value: unknown) =>
    value instanceof Float32Array || value instanceof Uint32Array || value instanceof Uint8Array
      ? Array.from(value)
      : value,
  )
}

const sameLengths = (points: Readonly<Record<string, { readonly length: number }>>) =>
  new Set(Object.values(points).map(({ length }) => length)).size === 1

/**
 * Reads the result of `formatFigures`: every number is unchanged, except that infinite ones are NaN.
 *
 * @throws FailureError `damaged-file`
 */
export function parseFigures(json: string): ShippedFigures {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return damaged('its figures are no JSON')
  }
  const parsed = v.safeParse(shippedSchema, value, { abortEarly: true })
  if (!parsed.success) return damaged('its figures hold values that they cannot have')
  for (const of of Object.values(parsed.output)) {
    for (const figure of [of.commonness, of.effect, of.pairs]) {
      if (figure && !sameLengths({ ...figure.points })) damaged('the points of its figures are incomplete')
    }
  }
  return parsed.output
}
