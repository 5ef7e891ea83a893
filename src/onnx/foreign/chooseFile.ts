import { FailureError, fail } from '../../core/failure'
import type { WeightsFile } from '../../weights/checkpoint'
import { type Fitness, fitnessOf } from './fitness'
import { GraphIndex } from './graphIndex'
import { type OnnxFile, readOnnxFile } from './onnxFile'

/** Holds one of a model's ONNX files, with those that hold its external data. */
export interface OnnxCandidate {
  readonly file: WeightsFile
  readonly companions?: readonly WeightsFile[]
}

export interface OnnxChoice {
  readonly file: OnnxFile
  readonly fitness: Fitness
  /** Other files: the name of each, and one sentence why it was not chosen. */
  readonly passedOver: readonly { readonly name: string; readonly reason: string }[]
}

/**
 * Chooses the ONNX file of a model to measure with, by the precision of the graphs: fp32 weights before fp16 ones, both
 * before integers; never one that rounds activations.
 *
 * @throws FailureError `unsupported-model` that says of each file why it does not do; of a single file that cannot be
 *   read, its own failure
 */
export async function chooseOnnxFile(candidates: readonly OnnxCandidate[]): Promise<OnnxChoice> {
  const read = await Promise.all(candidates.map(readCandidate))
  const fit = read
    .filter((one) => 'file' in one)
    .filter(({ fitness }) => fitness.fit)
    .sort((a, b) => a.fitness.rank - b.fitness.rank)
  const [best] = fit
  const reasonOf = (one: ReadCandidate) => {
    if ('thrown' in one) return one.thrown.message
    return one.fitness.reason || `Its weights are less exact (${one.fitness.precision}).`
  }
  if (best) {
    const passedOver = read
      .filter((one) => one !== best)
      .map((one) => ({ name: one.name, reason: reasonOf(one) }))
    return { ...best, passedOver }
  }
  if (read.length === 1 && 'thrown' in read[0]) throw read[0].thrown
  if (read.length === 0) fail('missing-file', 'There is no ONNX file among the files.')
  const reasons = read.map((one) => `${one.name}: ${reasonOf(one)}`).join(' ')
  fail('unsupported-model', `No ONNX file of this model can be measured. ${reasons}`, {
    advice: 'Use a file with fp32 computation: model.onnx, or the safetensors.',
  })
}

type ReadCandidate =
  | { readonly name: string; readonly thrown: FailureError }
  | { readonly name: string; readonly file: OnnxFile; readonly fitness: Fitness }

async function readCandidate({ file, companions }: OnnxCandidate): Promise<ReadCandidate> {
  const { name } = file
  try {
    const read = await readOnnxFile(file, companions)
    return { name, file: read, fitness: fitnessOf(new GraphIndex(read)) }
  } catch (thrown) {
    if (thrown instanceof FailureError) return { name, thrown }
    throw thrown
  }
}
