import type { LoadProgress, ModelInfo } from '../../core/explorer'
import { type Failure, fail, failureOf } from '../../core/failure'
import type { ModelRequest } from '../../core/modelSource'
import type { Notice } from '../results'
import { createTask } from '../task'

/** Names the device that the user asked for; `auto`: chosen by measurement (worker/device/deviceTrial). */
export type DevicePreference = 'auto' | 'wasm' | 'webgpu'

/** Holds the place of one model: the open one, and one that is loading. Each side has one. */
export interface ModelSlot {
  /** Says whether the model of `info` answers: `loading`, none does yet; `error`, none does until one is opened again. */
  readonly status: 'idle' | 'loading' | 'ready' | 'error'
  /** Open model, or the one that was lost; null if there is none. */
  readonly info: ModelInfo | null
  /** Vocabulary entries by id; null until a model is open. */
  readonly vocabulary: readonly string[] | null
  /** Result of measuring the devices, one sentence; null before. */
  readonly deviceNote: string | null
  /** Number of models opened, counting the same one opened again. */
  readonly opened: number
  /** Request of the open model, or of the one asked for last if none is open; it opens again by this. */
  readonly request: ModelRequest | null
  /** Request that is loading; an open model answers until that one is ready. */
  readonly opening: ModelRequest | null
  readonly progress: LoadProgress | null
  /** Reason why the model asked for last did not open, or was lost; an open one stays. */
  readonly refused: { readonly request: ModelRequest; readonly failure: Failure } | null
  /** Reason why none answers, if it is not one of `refused`. */
  readonly failure: Failure | null
}

export const EMPTY_SLOT: ModelSlot = {
  status: 'idle',
  info: null,
  vocabulary: null,
  deviceNote: null,
  opened: 0,
  request: null,
  opening: null,
  progress: null,
  refused: null,
  failure: null,
}

export interface OpenedModel {
  readonly info: ModelInfo
  readonly vocabulary: readonly string[]
  readonly deviceNote?: string | null
  /** Makes this model answer from now on, and disposes of the former one. */
  readonly use?: () => void
  /** Disposes of a model that nobody wants any more. */
  readonly discard?: () => void
}

export interface OpenOptions {
  readonly preference: DevicePreference
  /** Signal that aborts when the model is not wanted any more: what it has taken is then given back. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: LoadProgress) => void
}

/** Hears of changes of the open model that nobody asked for. */
export interface ModelListener {
  /**
   * Hears that the open model has changed: another device, or the same one started again.
   *
   * @param lost reason of the restart
   */
  update(info: ModelInfo, deviceNote: string | null, lost?: Failure): void
  /** Hears that the open model is lost: nothing answers until it is opened again. */
  lose(failure: Failure): void
}

/** Opens the models of one side. Rejections are `FailureError`s. */
export interface ModelService {
  /** Opens a model. One that was open answers until `use` of the new one is called. */
  open(request: ModelRequest, options: OpenOptions): Promise<OpenedModel>
  /** Changes the device of the open model, which answers until then. */
  changeDevice(preference: DevicePreference): Promise<void>
  /** Disposes of the open model. */
  close(): void
  /** Names the one that hears of changes. */
  listen(listener: ModelListener): void
}

/** Returns the request that opens the model of this id from this machine alone; null if that is impossible. */
export type FindSaved = (id: string) => Promise<ModelRequest | null>

/** Says what a side makes of the coming and going of its model. */
export interface SlotOwner {
  read(): ModelSlot
  write(changes: Partial<ModelSlot>): void
  preference(): DevicePreference
  /**
   * Writes an opened model, with all that follows from it in the session.
   *
   * @param slot slot with this model open
   * @param replaces true if another one answered before it
   */
  show(slot: OpenSlot, replaces: boolean): void
  /** Returns what changes if a model did not open, or was stopped, while none answers; `instead`: what opens then. */
  refused(
    request: ModelRequest,
    failure: Failure,
  ): { readonly changes: Partial<ModelSlot>; readonly instead?: ModelRequest }
  /**
   * Returns what changes if the open model is lost; null: its slot is emptied, and it is refused for this reason.
   */
  lost(failure: Failure): Partial<ModelSlot> | null
  notify(notice: Omit<Notice, 'id'>): void
}

/** Holds a slot whose model is open. */
export type OpenSlot = ModelSlot & Pick<OpenedModel, 'info' | 'vocabulary'>

/** Opens models into a slot: the newest request wins, and an open model stays until another one is ready. */
export interface ModelOpener {
  open(request: ModelRequest): void
  /** Opens what a search finds, unless something else is asked for meanwhile. A search that fails finds nothing. */
  openFound(search: () => Promise<ModelRequest | null>): Promise<void>
  /** Stops what is loading, and says so. */
  stop(): void
  /** Stops what is loading and disposes of the open model, without a word. */
  close(): void
  /** Takes the preferred device: the open model changes to it, one that is loading or has failed begins again on it. */
  changeDevice(): void
}

const STOPPED: Failure = { kind: 'cancelled', message: 'Stopped.' }

/** Creates the opener of one side. @param service null: this page opens no model */
export function createModelOpener(service: ModelService | null, owner: SlotOwner): ModelOpener {
  const { read, write, preference, notify } = owner
  const loading = createTask<LoadProgress>(({ progress }) => write({ progress }))
  const searching = createTask(() => undefined)
  const changing = createTask(() => undefined)
  let openRequest: ModelRequest | null = null

  service?.listen({
    update: (info, deviceNote, lost) => {
      write({ info, deviceNote })
      if (lost) notify({ tone: 'info', text: lost.message, failure: lost })
    },
    lose: (failure) => {
      const changes = owner.lost(failure)
      if (changes) write(changes)
      else close({ refused: openRequest && { request: openRequest, failure } })
    },
  })

  function show(request: ModelRequest, { info, vocabulary, deviceNote, use }: OpenedModel): void {
    use?.()
    openRequest = request
    const slot = read()
    const isOther = slot.info !== null && slot.info.provenance.sha256 !== info.provenance.sha256
    const replaces = slot.status === 'ready' || isOther
    owner.show(
      {
        ...slot,
        status: 'ready',
        info,
        vocabulary,
        deviceNote: deviceNote ?? (replaces ? null : slot.deviceNote),
        opened: slot.opened + 1,
        opening: null,
        progress: null,
        failure: null,
      },
      replaces,
    )
  }

  function refuse(request: ModelRequest, failure: Failure): void {
    const ended = { opening: null, progress: null }
    if (read().status === 'ready') {
      write({ ...ended, request: openRequest, refused: { request, failure } })
      return
    }
    const { changes, instead } = owner.refused(request, failure)
    if (instead) begin(instead, changes)
    else write({ ...ended, ...changes })
  }

  /** Begins to open a model. All changes are one write: whoever hears of one may ask for something else. */
  function begin(request: ModelRequest, changes: Partial<ModelSlot> = {}): void {
    changing.abort()
    const status = read().status === 'ready' ? 'ready' : 'loading'
    write({ ...changes, status, request, opening: request, failure: null })
    void loading.run(async ({ signal, report }) => {
      try {
        if (!service) return fail('not-ready', 'This page opens no model.')
        const opened = await service.open(request, { preference: preference(), signal, onProgress: report })
        // Stopped between the weights and the vocabulary, for instance.
        if (signal.aborted) opened.discard?.()
        else show(request, opened)
      } catch (thrown) {
        if (!signal.aborted) refuse(request, failureOf(thrown))
      }
    })
  }

  function open(request: ModelRequest): void {
    searching.abort()
    begin(request, { refused: null })
  }

  function close(changes: Partial<ModelSlot> = {}): void {
    for (const task of [loading, searching, changing]) task.abort()
    const { info, opened } = read()
    if (info) service?.close()
    write({ ...EMPTY_SLOT, opened, ...changes })
  }

  async function changeOpenDevice(): Promise<void> {
    const end = await changing.run(async () => service?.changeDevice(preference()))
    if (end.status !== 'failed') return
    notify({ tone: 'problem', failure: end.failure, text: end.failure.message })
  }

  return {
    open,
    openFound: async (search) => {
      const end = await searching.run(search)
      if (end.status === 'done' && end.value) open(end.value)
    },
    stop: () => {
      const { opening } = read()
      if (!opening) return
      loading.abort()
      refuse(opening, STOPPED)
    },
    close: () => close(),
    changeDevice: () => {
      const { status, opening, request, failure } = read()
      if (opening) begin(opening)
      else if (request && failure) begin(request)
      if (status === 'ready') void changeOpenDevice()
    },
  }
}
