import { fail } from '../../core/failure'
import type { OnnxCandidate } from '../../onnx/foreign/chooseFile'
import { refuseOtherKind } from './fileKinds'
import type { FolderFile, ModelFolder } from './modelFolder'

const ONNX = /\.onnx(?:[._]data(?:_\d+)?)?$/

/** Tells whether a path is that of an ONNX graph or of its external data. */
export const isOnnxFile = (path: string) => ONNX.test(path) && !path.split('/').includes('..')

const isGraph = (path: string) => path.endsWith('.onnx')
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
/** Returns the name by which a graph refers to another file of its folder. */
export const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** Names to try where a host does not list its files. */
const USUAL = ['onnx/model.onnx', 'model.onnx']

/** Finds the first graph of the usual names, with its external data. */
export async function triedOnnxFiles(folder: ModelFolder, base: string): Promise<FolderFile[]> {
  for (const name of USUAL) {
    const graph = await folder.find(base + name)
    if (!graph) continue
    const data = await folder.find(`${base}${name}_data`)
    return data ? [graph, data] : [graph]
  }
  return []
}

/** ONNX files whose names say that they round activations: never downloaded. */
const UNFIT = /(?:^|[_./-])(?:quantized|int8|uint8|q8|avx\w*|arm64\w*|qint8\w*)(?=[_./-])/i

/** Names in their order of preference: the more exact the weights that a name states, the earlier. */
const NAMES: readonly RegExp[] = [
  /(^|\/)model\.onnx$/,
  /(^|\/)decoder_model\.onnx$/,
  /_merged\.onnx$/,
  /_fp16\.onnx$/,
]

function rankOf(path: string): number {
  const rank = NAMES.findIndex((pattern) => pattern.test(path))
  return rank < 0 ? NAMES.length : rank
}

/** Chooses by name where the contents are known only after a download. */
function chooseByName({ name }: ModelFolder, files: readonly FolderFile[]): readonly FolderFile[] {
  const graphs = files.filter(({ path }) => isGraph(path))
  const [best] = graphs
    .filter(({ path }) => !UNFIT.test(path))
    .sort((a, b) => rankOf(a.path) - rankOf(b.path) || a.path.length - b.path.length)
  if (!best) {
    const names = graphs.slice(0, 4).map(({ path }) => path)
    fail(
      'unsupported-model',
      `${name} has only ONNX files that compute in 8-bit integers (${names.join(', ')}): their rounding is larger than ` +
        'the distances that are measured.',
      { advice: 'Look for the same model with safetensors, or with a model.onnx in fp32.' },
    )
  }
  const data = files.filter(
    ({ path }) => path.startsWith(`${best.path}_data`) || path.startsWith(`${best.path}.data`),
  )
  return [best, ...data]
}

/** Leaves out files that are something else under the name of a graph; where all are, the first says what it is. */
async function thatAreGraphs(folder: ModelFolder, files: readonly FolderFile[]): Promise<FolderFile[]> {
  const graphs: FolderFile[] = []
  let refused: unknown = null
  for (const file of files) {
    try {
      await refuseOtherKind(file.path, await folder.read(file))
      graphs.push(file)
    } catch (thrown) {
      refused ??= thrown
    }
  }
  if (graphs.length === 0 && refused !== null) throw refused
  return graphs
}

/** Chooses by content, each graph with the other files of its folder: external data may have any name. */
async function chooseByContent(
  folder: ModelFolder,
  files: readonly FolderFile[],
): Promise<readonly FolderFile[]> {
  const { chooseOnnxFile } = await import('../../onnx/foreign/chooseFile')
  const all = (await folder.list()) ?? files
  const besideOf = (graph: FolderFile) =>
    all.filter(({ path }) => !isGraph(path) && folderOf(path) === folderOf(graph.path))
  const read = async (file: FolderFile) => ({ name: nameOf(file.path), blob: await folder.read(file) })
  const graphs = await thatAreGraphs(
    folder,
    files.filter(({ path }) => isGraph(path)),
  )
  const candidates = await Promise.all(
    graphs.map(async (graph): Promise<OnnxCandidate> => {
      const companions = await Promise.all(besideOf(graph).map(read))
      return { file: await read(graph), companions }
    }),
  )
  const { file } = await chooseOnnxFile(candidates)
  const graph = graphs[candidates.findIndex((candidate) => candidate.file.blob === file.files[0].blob)]
  const used = new Set(
    file.graph.initializer.flatMap(({ externalData }) =>
      externalData.filter(({ key }) => key === 'location').map(({ value }) => value),
    ),
  )
  return [graph, ...besideOf(graph).filter(({ path }) => used.has(nameOf(path)))]
}

/**
 * Chooses the ONNX file of a model to measure with, followed by its external data: by what is in them where reading
 * costs nothing, else by their names.
 *
 * @throws FailureError with the reason of each where none is fit
 */
export async function chooseOnnxFiles(
  folder: ModelFolder,
  files: readonly FolderFile[],
): Promise<readonly FolderFile[]> {
  return folder.local ? chooseByContent(folder, files) : chooseByName(folder, files)
}
