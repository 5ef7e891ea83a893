import { type TokenizerSource, tokenizerObject } from '../../src/engine/tokenizer/tokenizerObject'
import { WasmTokenizer } from '../../src/engine/tokenizer/wasmTokenizer'

/** Asks for the tokens of texts by one tokenizer. */
export interface CutRequest {
  /** Address of tokenizers.wasm. */
  readonly wasm: string
  readonly source: Omit<TokenizerSource, 'vocabularyFiles'>
  /** Files of a slow tokenizer: names, and bytes in Base64. */
  readonly vocabulary: readonly (readonly [string, string])[]
  readonly texts: readonly string[]
}

/** Holds ids and offsets of each text: starts and ends by turns. */
export type CutAnswer = readonly (readonly [readonly number[], readonly number[]])[]

let compiled: Promise<WebAssembly.Module> | null = null

addEventListener('message', async ({ data }: MessageEvent<CutRequest>) => {
  try {
    compiled ??= WebAssembly.compileStreaming(fetch(data.wasm))
    const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
    const vocabularyFiles = Object.fromEntries(
      data.vocabulary.map(([name, base64]) => [name, bytesOf(base64)]),
    )
    const { json, splitSpecialTokens } = tokenizerObject({ ...data.source, vocabularyFiles })
    const tokenizer = new WasmTokenizer(await compiled, json, splitSpecialTokens)
    const answer: CutAnswer = data.texts.map((text) => {
      const { ids, starts, ends } = tokenizer.encode(text, null, true)
      return [ids, starts.flatMap((start, i) => [start, ends[i]])]
    })
    postMessage(answer)
  } catch (thrown) {
    postMessage(String(thrown))
  }
})
