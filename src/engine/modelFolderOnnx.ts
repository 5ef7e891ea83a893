import { chooseOnnxFile, type OnnxCandidate } from '../onnx/foreign/chooseFile'
import type { WeightsFile } from '../weights/checkpoint'

const isGraph = (name: string) => name.endsWith('.onnx')
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** Each graph with the files beside it, by the names that the graph gives them: external data lies in its own folder. */
export function onnxCandidates(files: readonly WeightsFile[]): OnnxCandidate[] {
  return files
    .filter(({ name }) => isGraph(name))
    .map(({ name, blob }) => ({
      file: { name: nameOf(name), blob },
      companions: files
        .filter((other) => !isGraph(other.name) && folderOf(other.name) === folderOf(name))
        .map((other) => ({ name: nameOf(other.name), blob: other.blob })),
    }))
}

/**
 * Of a model's ONNX files the one to measure with, and behind it its external data.
 *
 * @throws FailureError with the reason of each where none is fit
 */
export async function chosenOnnxFiles(files: readonly WeightsFile[]): Promise<readonly WeightsFile[]> {
  const { file } = await chooseOnnxFile(onnxCandidates(files))
  const used = new Set(
    file.graph.initializer.flatMap(({ externalData }) =>
      externalData.filter(({ key }) => key === 'location').map(({ value }) => value),
    ),
  )
  const [graph, ...companions] = file.files
  return [graph, ...companions.filter(({ name }) => used.has(name))]
}
