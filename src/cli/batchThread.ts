import { parentPort, workerData } from 'node:worker_threads'
import { callCorpusEngine } from '../core/corpus/corpusEngineCalls'
import { fail, failureOf } from '../core/failure'
import type { BatchReport, BatchRequest, BatchThreadData } from './batchProtocol'
import { openMeasurer } from './measurer'
import { readModel } from './modelFolder'
import { openRunFolder, type RunFolder } from './runFolder'

/** A thread of its own with a model of its own: answers what it is asked, and measures batches, one at a time. */
async function serveBatches(): Promise<void> {
  const port = parentPort ?? fail('internal', 'This is no thread.')
  const { path, options, packageFolder, files } = workerData as BatchThreadData
  const report = (message: BatchReport) => port.postMessage(message)
  const opening = (async () =>
    openMeasurer(files ?? (await readModel(options.model, { packageFolder, env: process.env })), options))()
  opening.catch(() => {})
  let folder: RunFolder | null = null

  async function answer(request: Exclude<BatchRequest, { kind: 'close' }>): Promise<unknown> {
    const { engine, lanes } = await opening
    if (request.kind === 'ask') return callCorpusEngine(engine, request.method, request.args)
    folder ??= (await openRunFolder(path)) ?? fail('storage', `${path} was removed meanwhile.`)
    const [measure] = lanes(folder)
    return measure(request.index, (progress) => report({ kind: 'progress', progress }))
  }

  port.on('message', async (request: BatchRequest) => {
    try {
      if (request.kind === 'close') {
        await folder?.close()
        await (await opening).close()
      } else report({ kind: 'ended', value: await answer(request) })
    } catch (thrown) {
      if (request.kind !== 'close') report({ kind: 'failed', failure: failureOf(thrown) })
    } finally {
      if (request.kind === 'close') port.close()
    }
  })
}

void serveBatches()
