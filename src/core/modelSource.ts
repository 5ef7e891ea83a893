/** A file from this machine; only its handle crosses to a worker, not its bytes. */
export interface SourceFile {
  /** Below the folder that was dropped or picked, with forward slashes: `onnx/model.onnx`. */
  readonly path: string
  readonly blob: Blob
}

/** A model that lies beside the page, and what its weights file must hash to. */
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

/** A model of the Hugging Face hub, at a branch, a tag or a commit. */
export interface HubSource {
  readonly kind: 'hub'
  /** `owner/name` */
  readonly id: string
  readonly revision: string
  /** Opened from what this browser keeps of it, or not at all: no host is asked. */
  readonly keptOnly?: boolean
}

/** With a read token of the user's account, which is never part of a session, a link or a file. */
export interface HubAccess extends HubSource {
  readonly token?: string
}

/** Files that a user dropped or picked. */
export interface FilesSource {
  readonly kind: 'files'
  /** Of the folder, for reading. */
  readonly name: string
  readonly files: readonly SourceFile[]
}

/** A folder at an address. */
export interface UrlSource {
  readonly kind: 'url'
  readonly url: string
}

/** Where a model comes from. */
export type ModelSource = HostedSource | HubAccess | FilesSource | UrlSource

/** What a user can ask for: the built-in one is looked up when it is opened. */
export type ModelRequest = { readonly kind: 'built-in' } | HubSource | FilesSource | UrlSource

export const BUILT_IN: ModelRequest = { kind: 'built-in' }

/** The revision that the hub gives where none is named. */
export const MAIN_REVISION = 'main'

export type ModelOrigin = 'hosted' | 'hub' | 'files' | 'url'

/** As transformers writes a local folder, so that no id from the hub looks like one. */
const LOCAL = './'

/** A model's id, which says where it came from: `name`, `owner/name@revision`, `./folder` or an address. */
export function idOfHub({ id, revision }: Pick<HubSource, 'id' | 'revision'>): string {
  return revision === MAIN_REVISION ? id : `${id}@${revision}`
}

export const idOfFolder = (name: string) => `${LOCAL}${name.slice(0, 100)}`

/** Where the model of this id came from. */
export function originOf(id: string): ModelOrigin {
  if (id.startsWith(LOCAL)) return 'files'
  if (/^https?:/.test(id)) return 'url'
  return id.includes('/') ? 'hub' : 'hosted'
}

export interface PlannedFile {
  readonly path: string
  /** null: its host does not tell. */
  readonly bytes: number | null
}

/** What would be fetched for a model, before it is. */
export interface ModelPlan<Source = HubSource | UrlSource> {
  readonly source: Source
  /** Full hash of the commit that the hub's revision stands for; null at an address. */
  readonly commit: string | null
  readonly files: readonly PlannedFile[]
  /** Of the files whose size is known. */
  readonly bytes: number
  /** Of these, bytes that an earlier visit left in this browser. */
  readonly keptBytes: number
  readonly format: WeightsFormat
  /** transformers' `model_type`. */
  readonly family: string
  /** The hub did not answer: this is what it said the last time. */
  readonly offline: boolean
}

export interface KeptRevision {
  readonly source: HubSource
  readonly missingBytes: number
}

/** What this browser keeps of a model of the hub. */
export interface KeptHubModel {
  readonly id: string
  readonly bytes: number
  /** As which it opens again; none where it was only looked up. */
  readonly revisions: readonly KeptRevision[]
}

export type WeightsFormat = 'safetensors' | 'torch' | 'onnx'

/** What stands where a classifier's label would. */
export type ModelHead = 'none' | 'classification' | 'masked-lm' | 'causal-lm'
