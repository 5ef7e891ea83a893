import { describe, expect, it } from 'vitest'
import { FailureError, failureOf } from '../core/failure'
import { RequestQueue } from './requestQueue'

/** Creates requests that end when told to. */
function controlled() {
  const log: string[] = []
  const ends = new Map<string, () => void>()
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      log.push(name)
      ends.set(name, () => resolve(name))
    })
  const end = async (name: string) => {
    ends.get(name)?.()
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { log, work, end }
}

describe('RequestQueue', () => {
  it('sends one request at a time, the most urgent first', async () => {
    const { log, work, end } = controlled()
    const queue = new RequestQueue()
    const results = [
      queue.add(work('ahead 1'), { priority: 'ahead' }),
      queue.add(work('ahead 2'), { priority: 'ahead' }),
      queue.add(work('soon'), { priority: 'soon' }),
      queue.add(work('act'), { priority: 'act' }),
    ]
    expect(log).toEqual(['ahead 1'])
    for (const name of ['ahead 1', 'act', 'soon', 'ahead 2']) await end(name)
    expect(log).toEqual(['ahead 1', 'act', 'soon', 'ahead 2'])
    expect(await Promise.all(results)).toEqual(['ahead 1', 'ahead 2', 'soon', 'act'])
    expect(queue.idle).toBe(true)
  })

  it('cancels what still waits in the lane of a newer request, and nothing else', async () => {
    const { log, work, end } = controlled()
    const queue = new RequestQueue()
    const running = queue.add(work('running'), { priority: 'act', lane: 'measure' })
    const stale = queue.add(work('stale'), { priority: 'act', lane: 'measure' }).catch(failureOf)
    const other = queue.add(work('other'), { priority: 'act', lane: 'read' })
    const latest = queue.add(work('latest'), { priority: 'act', lane: 'measure' })
    expect(await stale).toMatchObject({ kind: 'cancelled' })
    for (const name of ['running', 'other', 'latest']) await end(name)
    expect(log).toEqual(['running', 'other', 'latest'])
    expect(await Promise.all([running, other, latest])).toEqual(['running', 'other', 'latest'])
  })

  it.each(['act', 'soon', 'ahead'] as const)('lets the newest %s win in its lane', async (priority) => {
    const { log, work, end } = controlled()
    const queue = new RequestQueue()
    const running = queue.add(work('running'), { priority: 'act' })
    const stale = ['1', '2', '3'].map((name) =>
      queue.add(work(name), { priority, lane: 'second' }).catch(failureOf),
    )
    const latest = queue.add(work('latest'), { priority, lane: 'second' })
    for (const asked of stale) expect(await asked).toMatchObject({ kind: 'cancelled' })
    for (const name of ['running', 'latest']) await end(name)
    expect(log).toEqual(['running', 'latest'])
    expect(await Promise.all([running, latest])).toEqual(['running', 'latest'])
  })

  it('drops what is not wanted any more before it is sent', async () => {
    const { log, work, end } = controlled()
    const queue = new RequestQueue()
    const running = queue.add(work('running'), { priority: 'act' })
    const wanted = new AbortController()
    const dropped = queue.add(work('dropped'), { priority: 'soon', signal: wanted.signal }).catch(failureOf)
    wanted.abort(new FailureError({ kind: 'cancelled', message: 'Closed.' }))
    expect(await dropped).toMatchObject({ kind: 'cancelled', message: 'Closed.' })
    const late = queue.add(work('late'), { priority: 'soon', signal: wanted.signal }).catch(failureOf)
    expect(await late).toMatchObject({ kind: 'cancelled' })
    await end('running')
    expect(await running).toBe('running')
    expect(log).toEqual(['running'])
    expect(queue.idle).toBe(true)
  })

  it('goes on after a request that throws before it is sent', async () => {
    const queue = new RequestQueue()
    const failing = queue
      .add(
        () => {
          throw new Error('no')
        },
        { priority: 'act' },
      )
      .catch(failureOf)
    const next = queue.add(async () => 'next', { priority: 'act' })
    expect(await failing).toMatchObject({ message: 'no' })
    expect(await next).toBe('next')
    expect(queue.idle).toBe(true)
  })

  it('goes on after a request that fails', async () => {
    const queue = new RequestQueue()
    const failing = queue.add(() => Promise.reject(new Error('no')), { priority: 'act' }).catch(failureOf)
    const next = queue.add(async () => 'next', { priority: 'act' })
    expect(await failing).toMatchObject({ message: 'no' })
    expect(await next).toBe('next')
  })

  it('rejects all that waits when cleared', async () => {
    const { work, end } = controlled()
    const queue = new RequestQueue()
    const running = queue.add(work('running'), { priority: 'act' })
    const waiting = queue.add(work('waiting'), { priority: 'soon' }).catch(failureOf)
    queue.clear()
    expect(await waiting).toMatchObject({ kind: 'cancelled' })
    await end('running')
    expect(await running).toBe('running')
  })
})
