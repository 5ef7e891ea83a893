import { existsSync, openAsBlob, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { WeightsFile } from '../../weights/checkpoint'
import type { HeadKind } from '../../weights/modelConfig'
import { parseModelConfig } from '../families'
import { type OnnxFile, readOnnxFile } from './onnxFile'

/** Holds the output of training/make_onnx.py: transformers' own numbers for one sequence of one model. */
export interface ForeignReference {
  readonly family: string
  /** config.json as transformers writes it. */
  readonly config: object
  readonly layers: number
  readonly width: number
  readonly vocabularySize: number
  readonly inputIds: readonly number[]
  /** [L+1, n, d] */
  readonly hiddenStates: readonly (readonly (readonly number[])[])[]
  readonly substitution: {
    readonly position: number
    readonly tokenId: number
    /** [L+1, n] l2 norm of the difference. */
    readonly byPosition: readonly (readonly number[])[]
    /** Closest tokens at the changed position, by layer. */
    readonly closest: {
      readonly ids: readonly (readonly number[])[]
      readonly cosines: readonly (readonly number[])[]
    }
  }
  readonly neighbors: {
    readonly k: number
    readonly ids: readonly (readonly number[])[]
    readonly cosines: readonly (readonly number[])[]
    /** l1, l2, linf of the shift that the nearest token makes, by position. */
    readonly shifts: readonly (readonly number[])[]
  }
  readonly head: HeadKind
  readonly logits?: readonly number[]
  readonly logitsAfter?: readonly number[]
  readonly logitPositions?: readonly number[]
  /** [p, V] */
  readonly tokenLogits?: readonly (readonly number[])[]
}

/** Describes one ONNX file, and names its model. */
export interface ForeignFile {
  readonly file: string
  readonly model: string
  /** Files of external data. */
  readonly data?: readonly string[]
  /** Weights that were rounded when the file was made. */
  readonly tolerance?: 'fp16' | 'int8'
  /** Precision for which the file must be refused. */
  readonly unfit?: 'fp16' | 'int8'
  /** Reason why the exporter's file is not valid ONNX. */
  readonly invalid?: string
}

interface ForeignFixture {
  readonly models: Readonly<Record<string, ForeignReference>>
  readonly files: readonly ForeignFile[]
}

/** `ONNX_FIXTURES` names another folder, with every model through every exporter (training/make_onnx.py --all). */
const FOLDER = process.env.ONNX_FIXTURES
  ? pathToFileURL(`${resolve(process.env.ONNX_FIXTURES)}/`)
  : new URL('../../../fixtures/onnx/', import.meta.url)

export const FOREIGN = JSON.parse(readFileSync(new URL('reference.json', FOLDER), 'utf8')) as ForeignFixture

/** Files of optimum's own exporter (training/make_optimum.py), and of models of no family that is read otherwise. */
export const OPTIMUM: ForeignFixture = existsSync(new URL('optimum.json', FOLDER))
  ? JSON.parse(readFileSync(new URL('optimum.json', FOLDER), 'utf8'))
  : { models: {}, files: [] }

/** Returns what transformers gives for a model. */
export const foreignReference = (model: string): ForeignReference =>
  FOREIGN.models[model] ?? OPTIMUM.models[model]

/** Longest text that the models read. */
export const FOREIGN_POSITIONS = 40

/** Returns what config.json says of a model, as it is passed on when its ONNX file is opened. */
export function foreignSizes(model: string) {
  const { layers, width, vocabularySize, config } = foreignReference(model)
  const paddingIdx = FOREIGN.models[model] && parseModelConfig(config).paddingIdx
  return { layers, width, vocabularySize, paddingIdx, maxPositions: FOREIGN_POSITIONS }
}

export const foreignBytes = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(name, FOLDER)))

export async function foreignFile(name: string): Promise<WeightsFile> {
  return { name, blob: await openAsBlob(new URL(name, FOLDER)) }
}

/** Reads the file from the folder, with its external data. */
export async function readForeign({ file, data = [] }: ForeignFile): Promise<OnnxFile> {
  return readOnnxFile(await foreignFile(file), await Promise.all(data.map(foreignFile)))
}

export function foreignNamed(file: string): ForeignFile {
  const found = FOREIGN.files.find((one) => one.file === file)
  if (!found) throw new TypeError(`there is no ${file}`)
  return found
}
