import { readFileSync } from 'node:fs'
import type { Norm } from '../core/measures/norm'
import type { Substitution } from '../core/measures/substitution'

/** Holds the output of training/reference.py: the measures of one text in PyTorch. */
export interface ReferenceCase {
  readonly name: string
  readonly text: string
  readonly inputIds: readonly number[]
  readonly tokens: readonly string[]
  readonly truncated: boolean
  readonly neighbors: Readonly<Record<Norm | 'rawL2' | 'cosines' | 'ids', readonly (readonly number[])[]>> & {
    readonly positions: readonly number[]
    readonly k: number
  }
  readonly leastImpactful: Readonly<Record<Norm, readonly number[]>>
  readonly logits: readonly number[] | null
  readonly measurements: readonly ReferenceMeasurement[]
  readonly closest: readonly {
    readonly substitutions: readonly Substitution[]
    readonly position: number
    readonly layers: readonly { readonly ids: readonly number[]; readonly cosines: readonly number[] }[]
  }[]
  readonly lastLayer: readonly number[]
}

export interface ReferenceMeasurement {
  readonly substitutions: readonly Substitution[]
  readonly shift: Readonly<Record<Norm, number>>
  readonly distances: readonly number[]
  readonly own: readonly number[]
  readonly relative: readonly number[]
  readonly cosine: readonly number[]
  readonly logits: readonly number[] | null
  readonly probabilityBefore: readonly number[] | null
  readonly probabilityAfter: readonly number[] | null
  readonly kl: number | null
  readonly flips: boolean | null
}

export interface ReferenceFixture {
  readonly model: { readonly id: string; readonly sha256: string }
  readonly cases: readonly ReferenceCase[]
}

/** @param path from the repository's root */
export function readReference(path: string): ReferenceFixture {
  return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')) as ReferenceFixture
}
