import type { ModelInfo } from '../../core/explorer'
import {
  idOfFolder,
  idOfHub,
  type ModelHead,
  type ModelOrigin,
  type ModelRequest,
  type WeightsFormat,
  withTokenizer,
} from '../../core/modelSource'

/** Names the requested model, for a sentence. */
export function requestName(request: ModelRequest): string {
  switch (request.kind) {
    case 'built-in':
      return 'the built-in model'
    case 'hub':
      return idOfHub(request)
    case 'files':
      return withTokenizer(idOfFolder(request.name), request.tokenizer)
    case 'url':
      return withTokenizer(request.url, request.tokenizer)
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
