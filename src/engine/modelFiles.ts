import { sha256Hex } from '../core/digest'
import type { WeightsFormat } from '../core/modelSource'
import type { WeightsFile } from '../weights/checkpoint'
import type { VocabularyFiles } from './tokenizer/slowVocabulary'

/** Holds the files of one model, fetched or read, not yet parsed. */
export interface ModelFiles {
  readonly id: string
  readonly config: unknown
  /** `tokenizer.json`; null where there is none, as in folders of slow tokenizers. */
  readonly tokenizer: unknown
  readonly tokenizerConfig: unknown
  /** `special_tokens_map.json` and `added_tokens.json`, of older folders. */
  readonly specialTokens?: unknown
  readonly addedTokens?: unknown
  /** The files of a slow tokenizer, by name. */
  readonly vocabularyFiles?: VocabularyFiles
  /** Source of the tokenizer's files if it is not the model's folder, and that folder's config.json. */
  readonly tokenizerFrom?: { readonly name: string; readonly config: unknown }
  readonly weights: Blob
  readonly weightsName: string
  /** sha256 of `weights`, lower-case hex; where there are more files, of all their sha256s (combinedSha256). */
  readonly sha256: string
  /** Format of the weights; safetensors if absent. */
  readonly format?: WeightsFormat
  /** Further shards, or an ONNX file's external data. */
  readonly moreWeights?: readonly WeightsFile[]
  /** Commit on the hub. */
  readonly revision?: string
  /** true (also if absent) if it can be read again without a download. */
  readonly kept?: boolean
}

/** Returns what the files say of the tokenizer: a folder's own config.json goes with it. */
export const tokenizerSourceOf = <Files extends Pick<ModelFiles, 'config' | 'tokenizerFrom'>>(
  files: Files,
) => ({
  ...files,
  config: files.tokenizerFrom ? files.tokenizerFrom.config : files.config,
})

/**
 * Largest file hashed at once; longer ones are hashed piece by piece, for the browser's own hash needs all of a file in
 * memory.
 */
const MAX_WHOLE_BYTES = 64 * 2 ** 20
const PIECE_BYTES = 4 * 2 ** 20

/** Returns the sha256 of a file, lower-case hex. */
export async function sha256Of(blob: Blob): Promise<string> {
  if (blob.size <= MAX_WHOLE_BYTES && globalThis.crypto?.subtle) {
    return sha256Hex(await blob.arrayBuffer())
  }
  const [{ sha256 }, { bytesToHex }] = await Promise.all([
    import('@noble/hashes/sha2.js'),
    import('@noble/hashes/utils.js'),
  ])
  const hash = sha256.create()
  for (let start = 0; start < blob.size; start += PIECE_BYTES) {
    hash.update(new Uint8Array(await blob.slice(start, start + PIECE_BYTES).arrayBuffer()))
  }
  return bytesToHex(hash.digest())
}

/**
 * Returns one sha256 for all files of the weights: a single file's own, else that of the list, in order, one a line.
 */
export async function combinedSha256(hashes: readonly string[]): Promise<string> {
  return hashes.length === 1 ? hashes[0] : sha256Of(new Blob([hashes.join('\n')]))
}
