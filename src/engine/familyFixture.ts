import { readdirSync, readFileSync } from 'node:fs'

/** Holds the output of training/reference_families.py: transformers' own numbers for one text. */
export interface FamilyCase {
  readonly name: string
  readonly text: string
  readonly inputIds: readonly number[]
  readonly tokens: readonly string[]
  readonly truncated: boolean
  /** [L+1, n, d]; of one case only. */
  readonly hiddenStates?: readonly (readonly (readonly number[])[])[]
  /** [L+1, n] l2 norm of each hidden state. */
  readonly norms: readonly (readonly number[])[]
  /** [L+1, n] sum_k h[k] cos(k + 1). */
  readonly checkSums: readonly (readonly number[])[]
  /** The states of a model without a classifier, where that changes them. */
  readonly bare?: Pick<FamilyCase, 'norms' | 'checkSums'>
  readonly logits: readonly number[]
  readonly tokenLogits: {
    readonly positions: readonly number[]
    readonly best: readonly number[]
    readonly norms: readonly number[]
    readonly checkSums: readonly number[]
    /** [positions, V]; of one case only. */
    readonly values?: readonly (readonly number[])[]
  }
  readonly substitution: {
    readonly position: number
    readonly tokenId: number
    readonly distances: readonly number[]
    /** [L+1, n] */
    readonly byPosition: readonly (readonly number[])[]
    readonly logits: readonly number[]
    /** Closest tokens at the changed position, by layer. */
    readonly closest: {
      readonly ids: readonly (readonly number[])[]
      readonly cosines: readonly (readonly number[])[]
    }
  }
  readonly neighbors?: {
    readonly k: number
    readonly ids: readonly (readonly number[])[]
    readonly cosines: readonly (readonly number[])[]
    /** l1, l2, linf of the shift that the nearest token makes, by position. */
    readonly shifts: readonly (readonly number[])[]
  }
}

export interface FamilyFixture {
  readonly model: {
    readonly family: string
    readonly sha256: string
    /** transformers' classes, for `architectures`. */
    readonly classifier: string
    readonly languageModel: string
    readonly base: string
    /** Prefix of the base model's tensors in files saved with a head. */
    readonly prefix: string
    readonly head: 'masked-lm' | 'causal-lm'
  }
  readonly cases: readonly FamilyCase[]
}

const FIXTURES = new URL('../../fixtures/', import.meta.url)

/** Folders of training/make_families.py. */
export const FAMILY_FOLDERS = readdirSync(FIXTURES).filter(
  (name) => name.startsWith('tiny-') && readdirSync(new URL(name, FIXTURES)).some(isHeadFile),
)

function isHeadFile(name: string): boolean {
  return name === 'masked-lm.safetensors' || name === 'causal-lm.safetensors'
}

export const familyFile = (folder: string, name: string) => new URL(`${folder}/${name}`, FIXTURES)

export function readFamilyJson<T>(folder: string, name: string): T {
  return JSON.parse(readFileSync(familyFile(folder, name), 'utf8')) as T
}
