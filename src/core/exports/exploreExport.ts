import type { ModelInfo } from '../explorer'
import { type LayerDistance, layerwiseDistances, type Measurement } from '../measures/measurement'
import type { Neighbor } from '../measures/neighbor'
import { type PredictionKind, predictionChange, predictionKind } from '../measures/prediction'
import type { Shift } from '../measures/shift'
import type { Substitution } from '../measures/substitution'
import type { NextTokenChange, TokenLikelihood, TokenPrediction } from '../measures/tokenPrediction'
import type { Provenance } from '../session/provenance'
import type { TokenizedText } from '../text/token'
import { formatCsv } from './csv'

export interface NamedToken {
  readonly id: number
  readonly token: string
}

export interface ExportedSubstitution {
  /** Position from 0 over the input ids, special tokens included. */
  readonly position: number
  readonly original: NamedToken
  readonly substitute: NamedToken
}

export interface ExportedResults {
  readonly shift: Shift
  /** Layers 0..L; layer 0 is the embedding layer's output. */
  readonly layers: readonly LayerDistance[]
  /** Change of the next token's distribution after the text; only of causal language models. */
  readonly nextToken?: NextTokenChange
  /** Null where the model has no classification head. */
  readonly prediction: {
    /** Logits by label. */
    readonly before: readonly number[]
    readonly after: readonly number[]
    /** As the model names them. */
    readonly labels: readonly string[]
    /** As the user named them; absent where nobody did. */
    readonly labelNames?: readonly string[]
    /** Meaning of the logits. */
    readonly kind: PredictionKind
    /** Probabilities by label; null where the model gives scores. */
    readonly probabilities: { readonly before: readonly number[]; readonly after: readonly number[] } | null
  } | null
}

/**
 * Holds the results that Explore shows: the object that the page's JSON export and `ripplescope explore --json` both
 * write. Fields may be added within a version; a field that changes its name or meaning makes a new version
 * (docs/cli.md).
 */
export interface ExploreExport extends ExportedResults {
  readonly format: 'ripplescope-explore'
  readonly version: 1
  readonly model: {
    readonly id: string
    readonly family: string
    readonly layers: number
    readonly width: number
    readonly sha256: string
  }
  readonly provenance: Provenance
  readonly text: string
  readonly tokens: readonly NamedToken[]
  /** Null where only held substitutions are measured. */
  readonly position: number | null
  readonly substitute: (NamedToken & { readonly cosine: number | null }) | null
  readonly held: readonly ExportedSubstitution[]
  /** Distribution at the position looked at, if known; only of language models. */
  readonly tokenPrediction?: TokenPrediction
  /** ln p of each token of both texts, if it was asked for; only of language models. */
  readonly tokenLikelihoods?: {
    readonly before: readonly TokenLikelihood[]
    readonly after: readonly TokenLikelihood[]
  }
  readonly pins: readonly (ExportedResults & {
    readonly text: string
    readonly substitutions: readonly ExportedSubstitution[]
  })[]
}

/** Holds a change and its measurement. */
export interface MeasuredChange {
  readonly tokenized: TokenizedText
  readonly substitutions: readonly Substitution[]
  readonly measurement: Measurement
}

export interface ExploreExportInput {
  readonly model: ModelInfo
  readonly change: MeasuredChange
  /** Position of the explored token; its substitution is one of the change's. */
  readonly position: number | null
  /** Table row of its substitute, if it is listed. */
  readonly neighbor: Neighbor | null
  readonly pins: readonly MeasuredChange[]
  readonly tokenPrediction?: TokenPrediction | null
  readonly tokenLikelihoods?: ExploreExport['tokenLikelihoods'] | null
  readonly tokenName: (tokenId: number) => string
}

export function exploreExport(input: ExploreExportInput): ExploreExport {
  const { model, change, position, neighbor, pins, tokenPrediction, tokenLikelihoods, tokenName } = input
  const { tokenized, substitutions, measurement } = change

  const named = (id: number): NamedToken => ({ id, token: tokenName(id) })
  const exported =
    ({ tokens }: TokenizedText) =>
    (substitution: Substitution): ExportedSubstitution => ({
      position: substitution.position,
      original: { id: tokens[substitution.position].id, token: tokens[substitution.position].text },
      substitute: named(substitution.tokenId),
    })
  const results = ({ shift, logits, ...rest }: Measurement): ExportedResults => ({
    shift,
    layers: layerwiseDistances({ shift, logits, ...rest }),
    ...(rest.nextToken && { nextToken: rest.nextToken }),
    prediction: logits && {
      before: logits.before,
      after: logits.after,
      labels: model.originalLabels ?? model.labels,
      ...(model.originalLabels && { labelNames: model.labels }),
      kind: predictionKind(model),
      probabilities: predictionChange(model.labels, logits, predictionKind(model)).probabilities,
    },
  })
  const chosen = substitutions.find((substitution) => substitution.position === position)

  return {
    format: 'ripplescope-explore',
    version: 1,
    model: {
      id: model.id,
      family: model.family,
      layers: model.layers,
      width: model.width,
      sha256: model.provenance.sha256,
    },
    provenance: measurement.provenance,
    text: tokenized.text,
    tokens: tokenized.tokens.map(({ id, text }) => ({ id, token: text })),
    position: chosen?.position ?? null,
    substitute: chosen ? { ...named(chosen.tokenId), cosine: neighbor?.cosine ?? null } : null,
    ...results(measurement),
    held: substitutions
      .filter((substitution) => substitution !== chosen)
      .map((substitution) => exported(tokenized)(substitution)),
    ...(tokenPrediction && { tokenPrediction }),
    ...(tokenLikelihoods && {
      tokenLikelihoods: { before: tokenLikelihoods.before, after: tokenLikelihoods.after },
    }),
    pins: pins.map((pin) => ({
      text: pin.tokenized.text,
      substitutions: pin.substitutions.map((substitution) => exported(pin.tokenized)(substitution)),
      ...results(pin.measurement),
    })),
  }
}

export function formatExploreJson(data: ExploreExport): string {
  return `${JSON.stringify(data, null, 2)}\n`
}

/** Writes one row per series and layer: `series, layer, distance, own, relative, cosine`. */
export function formatLayersCsv(
  series: readonly { readonly label: string; readonly distances: readonly LayerDistance[] }[],
): string {
  return formatCsv(
    ['series', 'layer', 'distance', 'own', 'relative', 'cosine'],
    series.flatMap(({ label, distances }) => distances.map((layer) => ({ series: label, ...layer }))),
  )
}

export interface NeighborCsvRow extends Neighbor {
  readonly rank: number | null
  readonly chosen: boolean
  readonly distance: number | null
  readonly difference: number | null
  readonly divergence: number | null
  readonly probability: number | null
}

/**
 * Writes one row per substitute, as the table shows them; `last_layer_distance` and the head's answer where measured:
 * `probability_change` of a classifier, `next_token_kl` of a causal model, `mask_probability` of a masked one.
 */
export function formatNeighborsCsv(rows: readonly NeighborCsvRow[]): string {
  const columns = [
    'rank',
    'token_id',
    'token',
    'chosen',
    'cosine',
    'shift_l1',
    'shift_l2',
    'shift_linf',
    'raw_shift_l1',
    'raw_shift_l2',
    'raw_shift_linf',
    'last_layer_distance',
    'probability_change',
    'next_token_kl',
    'mask_probability',
  ]
  return formatCsv(
    columns,
    rows.map(({ rank, tokenId, token, chosen, cosine, shift, rawShift, ...head }) => ({
      rank,
      token_id: tokenId,
      token,
      chosen,
      cosine,
      shift_l1: shift.l1,
      shift_l2: shift.l2,
      shift_linf: shift.linf,
      raw_shift_l1: rawShift.l1,
      raw_shift_l2: rawShift.l2,
      raw_shift_linf: rawShift.linf,
      last_layer_distance: head.distance,
      probability_change: head.difference,
      next_token_kl: head.divergence,
      mask_probability: head.probability,
    })),
  )
}
