import { fail } from '../../core/failure'
import type { TokenizerObject } from './tokenizerObject'
import type { WasmTokenizer } from './wasmTokenizer'

/** Names of the tokens around a text where tokenizer_config.json does not say them, as in many older models. */
const FRAMING_NAMES = new Set([
  '[CLS]',
  '[SEP]',
  '[PAD]',
  '<s>',
  '</s>',
  '<pad>',
  '<bos>',
  '<eos>',
  '<|endoftext|>',
])
const FRAMING = ['bos_token', 'eos_token', 'cls_token', 'sep_token', 'pad_token'] as const
const MASK_NAMES = ['[MASK]', '<mask>']

/** Texts of which every tokenizer makes something of one; the last for those that leave out all but space. */
const PROBES = ['a', 'A', '1', '.', '的', ' ']

export interface SpecialTokens {
  /** Ids before and after a text, as the post-processor puts them: [CLS] and [SEP], <s> alone, none. */
  readonly prefix: readonly number[]
  readonly suffix: readonly number[]
  /** Ids that are never a word of the language: the framing ones, the mask, the unknown token, ... */
  readonly specialIds: ReadonlySet<number>
  /** Ids of the tokens around a text, padding included: never a candidate for substitution. */
  readonly framingIds: ReadonlySet<number>
  /** null where the tokenizer has no mask. */
  readonly maskId: number | null
}

function frameOf(tokenizer: WasmTokenizer): Pick<SpecialTokens, 'prefix' | 'suffix'> {
  for (const probe of PROBES) {
    const content = tokenizer.encode(probe, null, false).ids
    const framed = tokenizer.encode(probe, null, true).ids
    const start = framed.findIndex((_, i) => content.every((id, j) => framed[i + j] === id))
    if (content.length > 0 && start >= 0) {
      return { prefix: framed.slice(0, start), suffix: framed.slice(start + content.length) }
    }
  }
  return fail('unsupported-model', 'tokenizer.json puts special tokens not only around a text.')
}

/** @throws FailureError `unsupported-model` for a template that changes the text itself */
export function specialTokensOf(
  tokenizer: WasmTokenizer,
  names: TokenizerObject['special'],
  vocabularySize: number,
): SpecialTokens {
  const { prefix, suffix } = frameOf(tokenizer)
  const special = tokenizer.addedTokens().filter((token) => token.special)
  const idOf = (token: string | null | undefined) => (token ? tokenizer.idOf(token) : null)
  const wellKnown = special.map(({ content }) => content).filter((content) => FRAMING_NAMES.has(content))
  const mask = names.mask_token ?? MASK_NAMES.find((name) => special.some(({ content }) => content === name))
  const framing = [...FRAMING.map((name) => names[name]), ...wellKnown].map(idOf).filter((id) => id !== null)
  const framingIds = new Set([...framing, ...prefix, ...suffix].filter((id) => id < vocabularySize))
  return {
    prefix,
    suffix,
    framingIds,
    specialIds: new Set([...special.map(({ id }) => id), ...framingIds]),
    maskId: idOf(mask),
  }
}
