import { BinaryReader, type WireType } from '@bufbuild/protobuf/wire'
import { fail } from '../../core/failure'

/** Holds one piece of a SentencePiece model; `sentencepiece_model.proto`, SentencePiece. */
export interface SentencePiece {
  readonly piece: string
  readonly score: number
  /** 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte */
  readonly type: number
}

/** Holds the part of a SentencePiece model that a tokenizer is made from. */
export interface SentencePieceModel {
  readonly pieces: readonly SentencePiece[]
  /** 1 Unigram, 2 BPE, 3 word, 4 char */
  readonly modelType: number
  readonly byteFallback: boolean
  readonly unkId: number
  readonly bosId: number
  readonly eosId: number
  readonly unkPiece: string
  readonly bosPiece: string
  readonly eosPiece: string
  /** The normaliser's table of characters; empty where there is none. */
  readonly charsmap: Uint8Array
}

const CONTROL = 3
const USER_DEFINED = 4

type Field = (reader: BinaryReader, wireType: WireType) => void

/** Reads the fields of a message that are known by their numbers, and passes over the others. */
function readFields(
  reader: BinaryReader,
  length: number | null,
  fields: Readonly<Record<number, Field>>,
): void {
  const end = length === null ? reader.len : reader.pos + length
  while (reader.pos < end) {
    const [number, wireType] = reader.tag()
    const field = fields[number]
    if (field) field(reader, wireType)
    else reader.skip(wireType, number)
  }
}

function readPiece(reader: BinaryReader): SentencePiece {
  let [piece, score, type] = ['', 0, 1]
  readFields(reader, reader.uint32(), {
    1: (at) => {
      piece = at.string()
    },
    2: (at) => {
      score = at.float()
    },
    3: (at) => {
      type = at.int32()
    },
  })
  return { piece, score, type }
}

/**
 * Reads a SentencePiece file (`spiece.model`, `tokenizer.model`, ...).
 *
 * @throws FailureError `damaged-file` for bytes that are none
 */
export function readSentencePiece(bytes: Uint8Array, name: string): SentencePieceModel {
  const pieces: SentencePiece[] = []
  const trainer = { modelType: 1, byteFallback: false, unkId: 0, bosId: 1, eosId: 2 }
  const names = { unkPiece: '<unk>', bosPiece: '<s>', eosPiece: '</s>' }
  let charsmap = new Uint8Array()
  try {
    readFields(new BinaryReader(bytes), null, {
      1: (at) => {
        pieces.push(readPiece(at))
      },
      2: (at) =>
        readFields(at, at.uint32(), {
          3: (field) => {
            trainer.modelType = field.int32()
          },
          35: (field) => {
            trainer.byteFallback = field.bool()
          },
          40: (field) => {
            trainer.unkId = field.int32()
          },
          41: (field) => {
            trainer.bosId = field.int32()
          },
          42: (field) => {
            trainer.eosId = field.int32()
          },
          45: (field) => {
            names.unkPiece = field.string()
          },
          46: (field) => {
            names.bosPiece = field.string()
          },
          47: (field) => {
            names.eosPiece = field.string()
          },
        }),
      3: (at) =>
        readFields(at, at.uint32(), {
          2: (field) => {
            charsmap = new Uint8Array(field.bytes())
          },
        }),
    })
  } catch {
    pieces.length = 0
  }
  if (pieces.length === 0) fail('damaged-file', `${name} is no SentencePiece model.`)
  return { pieces, ...trainer, ...names, charsmap }
}

/** Returns control and user-defined pieces, which are not part of the model: both are added tokens. */
export const addedPieces = ({ pieces }: SentencePieceModel) =>
  pieces
    .filter(({ type }) => type === CONTROL || type === USER_DEFINED)
    .map(({ piece, type }) => ({ content: piece, special: type === CONTROL }))

/**
 * Finds the merges of a BPE model, whose file holds pieces alone: every way to make a piece of two others, in the order of
 * the pieces (transformers, `generate_merges`).
 */
export function mergesOf(ids: ReadonlyMap<string, number>): [string, string][] {
  interface Merge {
    readonly left: string
    readonly right: string
    readonly lengths: readonly [number, number]
    readonly id: number
  }
  const merges: Merge[] = []
  for (const [piece, id] of ids) {
    const characters = [...piece]
    const own: (Merge & { leftId: number; rightId: number })[] = []
    let left = ''
    for (let i = 1; i < characters.length; i++) {
      left += characters[i - 1]
      const leftId = ids.get(left)
      if (leftId === undefined) continue
      const right = piece.slice(left.length)
      const rightId = ids.get(right)
      if (rightId !== undefined)
        own.push({ left, right, id, lengths: [i, characters.length - i], leftId, rightId })
    }
    own.sort((a, b) => a.leftId - b.leftId || a.rightId - b.rightId)
    merges.push(...own)
  }
  merges.sort((a, b) => a.id - b.id || a.lengths[0] - b.lengths[0] || a.lengths[1] - b.lengths[1])
  return merges.map(({ left, right }) => [left, right])
}

/** Encodes bytes as base64, as tokenizer.json holds them. */
export function base64Of(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  }
  return btoa(binary)
}
