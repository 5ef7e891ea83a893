import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import type { BatchThreadData } from './batchProtocol'
import { lanesFor, openBatchThreads } from './batchThreads'
import type { RunFolder } from './runFolder'

const MB = 1e6

describe('lanesFor', () => {
  it('gives each core a lane where there are batches enough', () => {
    expect(lanesFor({ device: 'cpu', threads: 4 }, 16, MB)).toEqual({ lanes: 4, threads: 1 })
  })

  it('divides the cores among fewer batches', () => {
    expect(lanesFor({ device: 'cpu', threads: 8 }, 3, MB)).toEqual({ lanes: 3, threads: 2 })
    expect(lanesFor({ device: 'cpu', threads: 8 }, 1, MB)).toEqual({ lanes: 1, threads: 8 })
    expect(lanesFor({ device: 'cpu', threads: 8 }, 0, MB)).toEqual({ lanes: 1, threads: 8 })
  })

  it('opens no more models than memory has room for', () => {
    expect(lanesFor({ device: 'cpu', threads: 4 }, 16, Number.MAX_SAFE_INTEGER)).toEqual({
      lanes: 1,
      threads: 4,
    })
  })

  it('leaves another device to one thread', () => {
    expect(lanesFor({ device: 'cuda', threads: 4 }, 16, MB).lanes).toBe(1)
  })
})

describe('threads', () => {
  /** Returns a thread whose answers come in the wrong order, and that ends when it is asked to measure a batch. */
  const script = new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads'
      const held = []
      parentPort.on('message', ({ id, method, args }) => {
        if (method === 'measure') process.exit(3)
        if (method === 'close') return parentPort.close()
        held.push({ rpc: 'answer', id, answer: { ok: true, value: args[0] } })
        if (held.length === 2) for (const answer of held.reverse()) parentPort.postMessage(answer)
      })`)}`,
  )

  it('tell the answers to several questions apart', async () => {
    const { engine, close } = openBatchThreads(script, 1, {} as BatchThreadData)
    const asked = [['a'], ['b']].map((texts) => engine.encodeTexts(texts, { ids: true }))
    expect(await Promise.all(asked)).toEqual([['a'], ['b']])
    await close()
  })

  it('fail a batch, and what is asked later, where one ends', async () => {
    const measurer = openBatchThreads(script, 1, {} as BatchThreadData)
    const [measure] = measurer.lanes({} as RunFolder)
    const failure = { kind: 'worker-lost', message: 'A thread that measures batches ended with code 3.' }
    expect(await measure(0, () => undefined)).toMatchObject({ status: 'failed', failure })
    expect(await measurer.engine.info().catch(failureOf)).toEqual(failure)
    await measurer.close()
  })
})
