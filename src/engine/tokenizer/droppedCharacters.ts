import type { Encoding } from './wasmTokenizer'

/** Stands for a character that the vocabulary lacks; no text spells it. */
const PLACEHOLDER = '\u0000dropped\u0000'

interface Encoder {
  encode(text: string): Encoding
  readonly placeholderId: number
}

type BpeModel = { readonly unk_token?: unknown; readonly vocab: Readonly<Record<string, number>> }

const isBpeWithoutUnknown = (model: object): model is BpeModel =>
  'merges' in model && 'vocab' in model && !('unk_token' in model && model.unk_token)

/** Says whether a letter or sign of the text belongs to no token: a BPE without an unknown token drops it. */
function hasUncovered(text: string, { starts, ends }: Encoding): boolean {
  const covered = new Uint8Array(text.length)
  for (const [i, start] of starts.entries()) covered.fill(1, start, ends[i])
  for (let i = 0; i < text.length; i++) if (!covered[i] && /[^\s\p{M}\p{C}]/u.test(text[i])) return true
  return false
}

/**
 * Puts tokens in their places where a BPE without an unknown token drops characters: the crate counts on as if these had
 * not been there. A second tokenizer that knows a placeholder finds the places, as long as it cuts the rest alike.
 *
 * @param json `tokenizer.json`
 * @param open opens a second one
 */
export function droppedCharacters(
  json: object,
  open: (json: object) => { encode(text: string, pair: null, add: boolean): Encoding },
): (text: string, encoding: Encoding) => Encoding {
  const model = 'model' in json && typeof json.model === 'object' ? json.model : null
  if (!model || !isBpeWithoutUnknown(model)) return (_, encoding) => encoding
  let second: Encoder | null = null
  const opened = (): Encoder => {
    const ids = Object.values(model.vocab)
    const placeholderId = ids.reduce((most, id) => Math.max(most, id), -1) + 1
    const vocab = { ...model.vocab, [PLACEHOLDER]: placeholderId }
    const tokenizer = open({ ...json, model: { ...model, vocab, unk_token: PLACEHOLDER, fuse_unk: false } })
    return { placeholderId, encode: (text) => tokenizer.encode(text, null, false) }
  }
  return (text, encoding) => {
    if (!hasUncovered(text, encoding)) return encoding
    second ??= opened()
    const { placeholderId } = second
    const other = second.encode(text)
    const kept = [...other.ids.keys()].filter((i) => other.ids[i] !== placeholderId)
    const alike =
      kept.length === encoding.ids.length && kept.every((i, j) => other.ids[i] === encoding.ids[j])
    if (!alike) return encoding
    return { ...encoding, starts: kept.map((i) => other.starts[i]), ends: kept.map((i) => other.ends[i]) }
  }
}
