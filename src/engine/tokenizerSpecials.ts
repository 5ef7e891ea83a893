import { fail } from '../core/failure'
import type { TokenizerFile } from './tokenizerFile'

/** What the tokens around a text are called where tokenizer_config.json does not say, as in many older models. */
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
const MASK_NAMES = ['[MASK]', '<mask>']

/** A text that every tokenizer makes something of. */
const PROBE = 'a'

export interface SpecialTokens {
  /** Ids before and after a text, as the post-processor puts them: [CLS] and [SEP], <s> alone, none. */
  readonly prefix: readonly number[]
  readonly suffix: readonly number[]
  /** Ids that are never a word of the language: the framing ones, the mask, the unknown token, ... */
  readonly specialIds: ReadonlySet<number>
  /** What stands around a text, padding included: never a candidate for substitution. */
  readonly framingIds: ReadonlySet<number>
  /** null where the tokenizer has no mask. */
  readonly maskId: number | null
}

function frameOf({ encode }: TokenizerFile): Pick<SpecialTokens, 'prefix' | 'suffix'> {
  const content = encode(PROBE, false).ids
  const framed = encode(PROBE, true).ids
  const start = framed.findIndex((_, i) => content.every((id, j) => framed[i + j] === id))
  if (content.length === 0 || start < 0) {
    fail('unsupported-model', 'tokenizer.json puts special tokens not only around a text.')
  }
  return { prefix: framed.slice(0, start), suffix: framed.slice(start + content.length) }
}

/** @throws FailureError `unsupported-model` for a template that changes the text itself */
export function specialTokensOf(file: TokenizerFile): SpecialTokens {
  const { tokenizer, config, vocabulary } = file
  const { prefix, suffix } = frameOf(file)
  const special = [...tokenizer.get_added_tokens_decoder().values()].filter((token) => token.special)
  const idOf = (token: string | null | undefined) => (token ? tokenizer.token_to_id(token) : undefined)
  const named = [config.bos_token, config.eos_token, config.cls_token, config.sep_token, config.pad_token]
  const wellKnown = special.map(({ content }) => content).filter((content) => FRAMING_NAMES.has(content))
  const mask = config.mask_token ?? MASK_NAMES.find((name) => special.some(({ content }) => content === name))
  const framing = [...named, ...wellKnown].map(idOf).filter((id) => id !== undefined)
  const framingIds = new Set([...framing, ...prefix, ...suffix].filter((id) => id < vocabulary.length))
  return {
    prefix,
    suffix,
    framingIds,
    specialIds: new Set([...special.map(({ id }) => id), ...framingIds]),
    maskId: idOf(mask) ?? null,
  }
}
