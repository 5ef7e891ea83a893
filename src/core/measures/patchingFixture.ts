import { readFileSync } from 'node:fs'
import type { PatchDirection } from './patching'
import type { Substitution } from './substitution'

/** Describes one patched run, as training/reference_patching.py writes it; logits, or ln p of the expected token. */
interface ReferenceRun<Answer> {
  readonly direction: PatchDirection
  readonly layer: number
  readonly positions: readonly number[]
  readonly answer: Answer
}

/** Describes one tiny model and one change of one text, by transformers and forward hooks. */
interface ReferencePatching {
  /** Name of the folder of fixtures. */
  readonly folder: string
  readonly inputIds: readonly number[]
  readonly substitution: Substitution
  /** L */
  readonly layers: number
  readonly labels: {
    readonly runs: readonly ReferenceRun<readonly number[]>[]
    /** Logits by layer of the original and of the changed text: [2, L+1, labels]. */
    readonly lens: readonly (readonly (readonly number[])[])[]
  }
  readonly tokens: {
    readonly place: number
    /** Id of the token that is expected first in the original text. */
    readonly expected: number
    /** ln p of it in the original and in the changed text. */
    readonly values: readonly [number, number]
    readonly runs: readonly ReferenceRun<number>[]
    /** ln p by layer of the original and of the changed text: [2, L+1]. */
    readonly lens: readonly (readonly number[])[]
  }
}

export const PATCHING = JSON.parse(
  readFileSync(new URL('../../../fixtures/patching.json', import.meta.url), 'utf8'),
) as { readonly models: readonly ReferencePatching[] }
