import type { LoadProgress } from '../core/explorer'
import { fail } from '../core/failure'
import type { SourceFile } from '../core/modelSource'
import type { ModelFiles } from './modelFiles'
import { readModelFolder } from './modelFolder'

const KEPT = 'The model that was open stays open.'

const SMALL = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json']

/** Names of whole weights, in the order of preference: a server does not list a folder, and shards have too many names. */
const WEIGHTS = ['model.safetensors', 'pytorch_model.bin', 'onnx/model.onnx', 'model.onnx']

/**
 * The folder of an address on the page's own origin: the page's Content-Security-Policy lets it ask nobody else but the
 * hub.
 *
 * @throws FailureError `invalid-request`
 */
export function folderAddress(text: string, page: string): URL {
  const advice = 'Download its files and drop the folder here; a model of the hub opens by its name.'
  let url: URL
  try {
    url = new URL(text.endsWith('/') ? text : `${text}/`, page)
  } catch {
    return fail('invalid-request', `“${text.slice(0, 120)}” is no address.`, { kept: KEPT, advice })
  }
  if (url.origin !== new URL(page).origin) {
    fail(
      'invalid-request',
      `${url.host} is another host: this page's Content-Security-Policy lets it fetch only from its own address and ` +
        'from the Hugging Face hub.',
      { kept: KEPT, advice },
    )
  }
  return url
}

async function request(url: URL, method: 'GET' | 'HEAD'): Promise<Response | null> {
  const response = await fetch(url, { method }).catch(() =>
    fail('network', `${url.pathname} could not be fetched: the network did not answer.`, {
      kept: KEPT,
      advice: 'Check the connection and try again.',
    }),
  )
  // Some servers answer every address with their start page.
  return response.ok && !response.headers.get('content-type')?.startsWith('text/html') ? response : null
}

/** Fetches a model folder of the hub's layout from an address. */
export async function fetchUrlFolder(
  text: string,
  onProgress: (progress: LoadProgress) => void,
  page: string = globalThis.location.href,
): Promise<ModelFiles> {
  const folder = folderAddress(text, page)
  const files: SourceFile[] = []
  for (const path of SMALL) {
    const response = await request(new URL(path, folder), 'GET')
    if (response) files.push({ path, blob: await response.blob() })
  }
  for (const path of WEIGHTS) {
    const url = new URL(path, folder)
    const head = await request(url, 'HEAD')
    if (!head) continue
    onProgress({
      stage: 'files',
      loadedBytes: 0,
      totalBytes: Number(head.headers.get('content-length') ?? 0),
    })
    const response = await request(url, 'GET')
    if (response) files.push({ path, blob: await response.blob() })
    break
  }
  return readModelFolder(folder.href, files)
}
