import { parentPort, workerData } from 'node:worker_threads'
import { fail, failureOf } from '../core/failure'
import { createCorpusEngine } from '../engine/corpusEngine'
import type { BatchReport, BatchRequest, BatchThreadData } from './batchProtocol'
import { withCanonicalSubstitutes } from './canonicalSubstitutes'
import { createMeasureBatch, limitsOf } from './measureBatch'
import { openModelFiles, readModel } from './modelFolder'
import { openRunFolder } from './runFolder'

/** A thread of its own with a model of its own: measures the batches it is asked for, one at a time. */
async function serveBatches(): Promise<void> {
  const port = parentPort ?? fail('internal', 'This is no thread.')
  const { path, options, packageFolder, files } = workerData as BatchThreadData
  const report = (message: BatchReport) => port.postMessage(message)
  const opening = (async () => {
    const folder = (await openRunFolder(path)) ?? fail('storage', `${path} was removed meanwhile.`)
    const found = files ?? (await readModel(options.model, { packageFolder, env: process.env }))
    const model = await openModelFiles(found, options)
    const engine = withCanonicalSubstitutes(createCorpusEngine(model))
    const measure = createMeasureBatch({ engine, folder, limits: limitsOf(options.device) })
    const close = () => Promise.all([folder.close(), model.release()])
    return { measure, close }
  })()
  opening.catch(() => {})
  port.on('message', async (index: BatchRequest) => {
    try {
      const { measure, close } = await opening
      if (index === null) {
        await close()
        port.close()
        return
      }
      const progress = await measure(index, (now) => report({ kind: 'progress', progress: now }))
      report({ kind: 'ended', progress })
    } catch (thrown) {
      if (index === null) port.close()
      else report({ kind: 'failed', failure: failureOf(thrown) })
    }
  })
}

void serveBatches()
