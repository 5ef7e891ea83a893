/** Holds a file from this machine; only its handle is posted to a worker, not its bytes. */
export interface SourceFile {
  /** Path below the folder that was dropped or picked, with forward slashes: `onnx/model.onnx`. */
  readonly path: string
  readonly blob: Blob
}

/** Names a model hosted with the page, and the hash that its weights file must have. */
export interface HostedSource {
  readonly kind: 'hosted'
  readonly id: string
  /** Base address of the folder, with a trailing slash. */
  readonly url: string
  /** Weights file inside the folder. */
  readonly weights: string
  readonly bytes: number
  readonly sha256: string
}

/** Name of the tokenizer that comes with the built-in model. */
export const BUILT_IN_VOCABULARY = 'built-in'

/** Number of tokens of the built-in vocabulary, bert-base-uncased's. */
export const BUILT_IN_VOCABULARY_SIZE = 30_522

/** Names the tokenizer of a model that comes without one. */
export interface TokenizerFromElsewhere {
  /** `built-in`, or a model of the Hub: `owner/name`, `owner/name@revision`; absent: the model's own. */
  readonly tokenizer?: string
  /** Address of the built-in model's folder, where that is asked for. */
  readonly builtInUrl?: string
}

/** Names a model of the Hugging Face Hub, at a branch, a tag or a commit. */
export interface HubSource extends TokenizerFromElsewhere {
  readonly kind: 'hub'
  /** `owner/name` */
  readonly id: string
  readonly revision: string
  /** True if it opens only from this browser's cache: no host is asked. */
  readonly keptOnly?: boolean
}

/** Adds a read token of the user's account, which is never part of a session, a link or a file. */
export interface HubAccess extends HubSource {
  readonly token?: string
}

/** Holds files that a user dropped or picked. */
export interface FilesSource extends TokenizerFromElsewhere {
  readonly kind: 'files'
  /** Name of the folder, for display. */
  readonly name: string
  readonly files: readonly SourceFile[]
}

/** Names a folder at an address. */
export interface UrlSource extends TokenizerFromElsewhere {
  readonly kind: 'url'
  readonly url: string
}

/** Names the source of a model. */
export type ModelSource = HostedSource | HubAccess | FilesSource | UrlSource

/** Names what a user can ask for: the built-in model is looked up when it is opened. */
export type ModelRequest = { readonly kind: 'built-in' } | HubSource | FilesSource | UrlSource

export const BUILT_IN: ModelRequest = { kind: 'built-in' }

/** Revision that the Hub uses if none is named. */
export const MAIN_REVISION = 'main'

export type ModelOrigin = 'hosted' | 'hub' | 'files' | 'url'

/** Prefix of a local folder, as transformers writes it, so that no id from the Hub looks like one. */
const LOCAL = './'

/** Adds to a model's id the tokenizer that comes from elsewhere: `owner/name+built-in`. */
export const withTokenizer = (id: string, tokenizer: string | undefined) =>
  tokenizer === undefined ? id : `${id}+${tokenizer}`

/** Returns a model's id, which shows its origin: `name`, `owner/name@revision`, `./folder` or an address. */
export function idOfHub({
  id,
  revision,
  tokenizer,
}: Pick<HubSource, 'id' | 'revision' | 'tokenizer'>): string {
  return withTokenizer(revision === MAIN_REVISION ? id : `${id}@${revision}`, tokenizer)
}

/** Returns the request for a model at an address, of the id that it had. */
export function urlRequest(id: string): UrlSource {
  const [, url, tokenizer] = /^(.*)\+(built-in)$/.exec(id) ?? []
  return url === undefined ? { kind: 'url', url: id } : { kind: 'url', url, tokenizer }
}

export const idOfFolder = (name: string) => `${LOCAL}${name.slice(0, 100)}`

/** Returns the origin of the model with this id. */
export function originOf(id: string): ModelOrigin {
  if (id.startsWith(LOCAL)) return 'files'
  if (/^https?:/.test(id)) return 'url'
  return id.includes('/') ? 'hub' : 'hosted'
}

export interface PlannedFile {
  readonly path: string
  /** Null if its host does not tell. */
  readonly bytes: number | null
}

/** Lists the files to download for a model, before the download. */
export interface ModelPlan<Source = HubSource | UrlSource> {
  readonly source: Source
  /** Full hash of the commit that the Hub's revision names; null at an address. */
  readonly commit: string | null
  readonly files: readonly PlannedFile[]
  /** Sum of the known file sizes. */
  readonly bytes: number
  /** Bytes of these that an earlier visit left in this browser. */
  readonly keptBytes: number
  readonly format: WeightsFormat
  /** transformers' `model_type`. */
  readonly family: string
  /** True if the Hub did not answer: then this is its last known answer. */
  readonly offline: boolean
}

export interface KeptRevision {
  readonly source: HubSource
  readonly missingBytes: number
}

/** Describes a model of the Hub that this browser has saved. */
export interface KeptHubModel {
  readonly id: string
  readonly bytes: number
  /** Revisions that open again; empty if the model was only looked up. */
  readonly revisions: readonly KeptRevision[]
}

export type WeightsFormat = 'safetensors' | 'torch' | 'onnx'

/** Names the kind of a model's head. */
export type ModelHead = 'none' | 'classification' | 'masked-lm' | 'causal-lm'
