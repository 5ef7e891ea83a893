import { parentPort, workerData } from 'node:worker_threads'
import { fail } from '../../core/failure'
import { callOf, connect } from '../../core/rpc'
import { readModel } from '../modelFolder'
import { type BatchThread, type BatchThreadData, threadPort } from './batchProtocol'
import { openMeasurer } from './measurer'
import { openRunFolder, type RunFolder } from './runFolder'

/** Serves in a thread, with its own model: answers calls, and measures batches, one at a time. */
function serveBatches(): void {
  const port = parentPort ?? fail('internal', 'This is no thread.')
  const { path, options, packageFolder, files } = workerData as BatchThreadData
  const opening = (async () =>
    openMeasurer(
      files ?? (await readModel(options.model, { packageFolder, env: process.env }, options)),
      options,
    ))()
  opening.catch(() => {})
  let folder: RunFolder | null = null
  let former: Promise<unknown> = Promise.resolve()

  const thread: BatchThread = {
    measure(index, onProgress) {
      const measuring = former.then(async () => {
        folder ??= (await openRunFolder(path)) ?? fail('storage', `${path} was removed meanwhile.`)
        const [measure] = (await opening).lanes(folder)
        return measure(index, onProgress)
      })
      former = measuring.catch(() => undefined)
      return measuring
    },
    async close() {
      try {
        await folder?.close()
        await (await opening).close()
      } finally {
        port.close()
      }
    },
  }

  const own = callOf(thread)
  connect(threadPort(port), {
    serve: async (method, args) =>
      method in thread ? own(method, args) : callOf((await opening).engine)(method, args),
  })
}

serveBatches()
