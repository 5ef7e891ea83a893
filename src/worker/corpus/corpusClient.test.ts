import { afterEach, describe, expect, it } from 'vitest'
import type { CorpusSource } from '../../core/corpus/corpusService'
import type { Figures } from '../../core/corpus/figures/figures'
import type { RunProgress } from '../../core/corpus/run'
import { FailureError, failureOf } from '../../core/failure'
import { createFakeEngine, createTexts, SETTINGS } from '../../corpus/fakeEngineFixture'
import { NO_LOCKS } from '../../corpus/runLocks'
import { createMemoryStore } from '../../corpus/store/memoryStore'
import { type ChannelWorker, createChannelWorker } from '../channelWorkerFixture'
import type { WorkerLike } from '../workerConnection'
import { createCorpusClient } from './corpusClient'
import { serveCorpus } from './corpusHost'

const SOURCE: CorpusSource = {
  kind: 'file',
  file: new File(
    [
      createTexts(30)
        .map(({ text }) => text)
        .join('\n'),
    ],
    'reviews.txt',
  ),
  column: null,
}

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** Creates workers that share one store. */
function fakeWorkers(store = createMemoryStore()) {
  const made: ChannelWorker[] = []
  function createWorker(): WorkerLike {
    const channel = createChannelWorker((port) => serveCorpus(port, { store, locks: NO_LOCKS }))
    closing.push(channel.close)
    made.push(channel)
    return channel.worker
  }
  return { made, createWorker }
}

/** Ends without a further answer, as a worker does that the browser kills. */
function crash(channel: ChannelWorker) {
  channel.close()
  channel.crash()
}

function clientOver(workers = fakeWorkers(), now?: () => number) {
  const engine = createFakeEngine()
  const progresses: RunProgress[] = []
  const figures: Figures[] = []
  let wake: () => void = () => undefined
  const client = createCorpusClient({
    createWorker: workers.createWorker,
    engine,
    base: 'https://page.test/',
    now,
  })
  const listener = {
    progress: (progress: RunProgress) => {
      progresses.push(progress)
      wake()
    },
    figures: (value: Figures) => void figures.push(value),
    malformed: () => undefined,
  }
  async function until(holds: (progress: RunProgress) => boolean): Promise<RunProgress> {
    for (;;) {
      const last = progresses.at(-1)
      if (last && holds(last)) return last
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return { client, engine, listener, progresses, figures, until, workers }
}

describe('createCorpusClient', () => {
  it('starts its worker with the first call', async () => {
    const { client, workers } = clientOver()
    expect(workers.made).toHaveLength(0)
    expect(await client.stored()).toEqual([])
    expect(workers.made).toHaveLength(1)
  })

  it('runs in the worker with the model of the page', async () => {
    const { client, listener, until, figures } = clientOver()
    const header = await client.start(SOURCE, SETTINGS, listener)
    await until(({ status }) => status === 'finished')
    expect(header.sampled).toBe(20)
    expect(figures[0].frequency?.sequences).toBe(1)
    const points = await client.scatter({ of: 'occurrences', norm: 'l2' })
    expect(points.shift.length).toBeGreaterThan(100)
    // Nothing that the worker still needs went away with an answer.
    expect(await client.scatter({ of: 'occurrences', norm: 'l2' })).toEqual(points)
    expect(await client.counts()).toEqual(await client.counts())
    expect(await client.figures({ norm: 'l1' })).toEqual(await client.figures({ norm: 'l1' }))
    expect(await client.contexts([0])).toMatchObject([{ sequence: 0 }])
    expect(await client.text(0)).toMatch(/^word/)
    expect((await client.download('json')).size).toBeGreaterThan(1000)
  })

  it('rejects with the failure that the worker names, and with that of the model', async () => {
    const { client, engine, listener } = clientOver()
    expect(await client.open('nothing', listener).catch(failureOf)).toMatchObject({ kind: 'storage' })
    engine.info = () =>
      Promise.reject(new FailureError({ kind: 'not-ready', message: 'The model is not open yet.' }))
    expect(await client.start(SOURCE, SETTINGS, listener).catch(failureOf)).toEqual({
      kind: 'not-ready',
      message: 'The model is not open yet.',
    })
  })

  it('opens the run again in another worker when one dies, and one call goes on', async () => {
    const whole = clientOver()
    await whole.client.start(SOURCE, SETTINGS, whole.listener)
    await whole.until(({ status }) => status === 'finished')

    const { client, engine, listener, until, workers, progresses } = clientOver()
    await client.start(SOURCE, SETTINGS, listener)
    engine.onCall = async () => {
      if (workers.made.length === 1 && (progresses.at(-1)?.done ?? 0) >= 10) {
        crash(workers.made[0])
        await new Promise<void>(() => undefined)
      }
    }
    const lost = await until(({ failure }) => failure !== null)
    expect(lost).toMatchObject({ status: 'paused', done: 8, failure: { kind: 'worker-lost' } })
    expect(workers.made).toHaveLength(2)
    await client.resume()
    expect(await until(({ status }) => status === 'finished')).toMatchObject({ done: 20, failure: null })
    const points = { of: 'occurrences', norm: 'l2' } as const
    expect(await client.scatter(points)).toEqual(await whole.client.scatter(points))
  })

  it('rejects what was asked of a worker that dies, and asks the next one', async () => {
    const { client, engine, listener, workers } = clientOver()
    engine.onCall = () => new Promise(() => undefined)
    const asked = client.start(SOURCE, SETTINGS, listener).catch(failureOf)
    await expect.poll(() => engine.calls.length).toBeGreaterThan(0)
    crash(workers.made[0])
    expect(await asked).toMatchObject({ kind: 'worker-lost' })
    expect(await client.stored()).toEqual([])
    for (let i = 1; i <= 3; i++) {
      crash(workers.made[i])
      await client.stored().catch(() => undefined)
    }
    expect(await client.stored().catch(failureOf)).toMatchObject({ advice: 'Reload the page.' })
    expect(workers.made).toHaveLength(4)
  })

  it('starts a worker that dies now and then for as long as it has quiet between', async () => {
    let time = 0
    const { client, workers } = clientOver(fakeWorkers(), () => time)
    for (let i = 0; i < 6; i++) {
      expect(await client.stored()).toEqual([])
      crash(workers.made[i])
      time += 10 * 60_000
    }
    expect(await client.stored()).toEqual([])
    expect(workers.made).toHaveLength(7)
  })

  it('says so where the lost run was not stored', async () => {
    const store = createMemoryStore()
    const { client, listener, until, workers } = clientOver(fakeWorkers(store))
    const { id } = await client.start(SOURCE, SETTINGS, listener)
    await until(({ done, status }) => status === 'running' && done > 0)
    await store.remove(id)
    crash(workers.made[0])
    expect(await until(({ failure }) => failure?.kind === 'worker-lost')).toMatchObject({
      status: 'failed',
      failure: { advice: expect.stringContaining('no longer kept') },
    })
  })
})
