import type { ModelInfo } from '../../core/explorer'
import {
  idOfFolder,
  idOfHub,
  type ModelHead,
  type ModelOrigin,
  type ModelRequest,
  type WeightsFormat,
} from '../../core/modelSource'

/** Returns `812 bytes`, `3.1 kB`, `268 MB`: decimal units, as the hub shows them. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  if (bytes < 1e9) return `${bytes < 1e8 ? (bytes / 1e6).toFixed(1) : Math.round(bytes / 1e6)} MB`
  return `${(bytes / 1e9).toFixed(2)} GB`
}

/** Names the requested model, for a sentence. */
export function requestName(request: ModelRequest): string {
  switch (request.kind) {
    case 'built-in':
      return 'the built-in model'
    case 'hub':
      return idOfHub(request)
    case 'files':
      return idOfFolder(request.name)
    case 'url':
      return request.url
  }
}

export const HUB_HOST = 'huggingface.co'

/** Returns the host of an address, which may be relative to the page's. */
export function hostOf(address: string): string {
  return URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).host : location.host
}

/** Names of the sources of models, for a sentence. */
export const WHERE: Readonly<Record<ModelOrigin, string>> = {
  hub: 'a model of the Hugging Face hub',
  files: 'a model from a folder on somebody’s machine, which links do not carry',
  url: 'a model at an address',
  hosted: 'the built-in model',
}

export const FORMAT_NAMES: Readonly<Record<WeightsFormat, string>> = {
  safetensors: 'safetensors',
  torch: 'torch (pickle, read without executing it)',
  onnx: 'ONNX',
}

const HEADS: Readonly<Record<ModelHead, string>> = {
  none: 'none',
  classification: 'classifier',
  'masked-lm': 'masked language model',
  'causal-lm': 'causal language model',
}

export function headInWords({ details, labels }: ModelInfo): string {
  const head = details?.head ?? (labels.length > 0 ? 'classification' : 'none')
  if (head !== 'classification') return HEADS[head]
  const named = labels.slice(0, 6).join(', ')
  return `classifier of ${labels.length} labels: ${named}${labels.length > 6 ? ', …' : ''}`
}
