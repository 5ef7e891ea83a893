import type { ModelService } from './modelSlot'

/** Opens nothing and refuses nothing: what is asked for loads for ever. */
const silent: ModelService = {
  open: () => new Promise(() => undefined),
  changeDevice: async () => undefined,
  close: () => undefined,
  listen: () => undefined,
}

/** Returns silent services of models, one a side. */
export const SILENT_MODELS: readonly ModelService[] = [silent, silent]
