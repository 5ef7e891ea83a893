import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, vi } from 'vitest'
import { type Failure, failureOf } from '../core/failure'
import { connectWorker } from './workerConnection'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Acts as a worker that never answers. Neither a mock nor an assertion may see it: both keep what they saw. */
class SilentWorker extends EventTarget {
  ends = 0
  postMessage() {}
  terminate() {
    this.ends++
  }
}

const lost = (detail: string): Failure => ({ kind: 'worker-lost', message: `It stopped${detail}` })

it('ends a worker once', () => {
  const worker = new SilentWorker()
  const { terminate } = connectWorker(worker, { lost })
  terminate()
  terminate()
  expect(worker.ends).toBe(1)
})

it('lets go of a worker that was ended, with all that listens to it', async () => {
  const connect = () => {
    const worker = new SilentWorker()
    const connection = connectWorker(worker, { lost })
    const asked = connection.call('tokenize', ['so good']).catch(() => undefined)
    connection.terminate()
    return { worker: new WeakRef(worker), asked }
  }
  const { worker, asked } = connect()
  await asked
  // An object reached in the present task is kept until its end.
  await vi.waitFor(
    () => {
      collectGarbage()
      expect(worker.deref() === undefined).toBe(true)
    },
    { timeout: 60_000 },
  )
})

it('answers every call also when its worker dies, with what was lost', async () => {
  const worker = new SilentWorker()
  const told = vi.fn()
  const { call } = connectWorker(worker, { lost, onLost: told })
  const asked = call('measure', []).catch(failureOf)
  worker.dispatchEvent(new Event('error'))
  const failure = { kind: 'worker-lost', message: 'It stopped.' }
  expect(await asked).toEqual(failure)
  expect(await call('measure', []).catch(failureOf)).toEqual(failure)
  expect(told).toHaveBeenCalledExactlyOnceWith(failure)
})
