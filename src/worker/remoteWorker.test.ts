import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, vi } from 'vitest'
import { wrapWorker } from './remoteWorker'
import { connectWorker } from './workerConnection'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** A worker that never answers. Neither a mock nor an assertion may see it: both keep what they saw. */
class SilentWorker extends EventTarget {
  ends = 0
  postMessage() {}
  terminate() {
    this.ends++
  }
}

it('ends a worker once', () => {
  const worker = new SilentWorker()
  const { terminate } = wrapWorker(worker)
  terminate()
  terminate()
  expect(worker.ends).toBe(1)
})

it('lets go of a worker that was ended, with all that listens to it', async () => {
  const start = { provider: 'wasm', runtimeUrl: 'https://example.org/', threads: 1 } as const
  const connect = () => {
    const worker = new SilentWorker()
    const connection = connectWorker(worker, start)
    const asked = connection.tokenize('so good').catch(() => undefined)
    connection.terminate()
    return { worker: new WeakRef(worker), asked }
  }
  const { worker, asked } = connect()
  await asked
  // What was reached in the present task is kept until its end.
  await vi.waitFor(
    () => {
      collectGarbage()
      expect(worker.deref() === undefined).toBe(true)
    },
    { timeout: 60_000 },
  )
})
