import { describe, expect, it, vi } from 'vitest'
import { FailureError } from '../core/failure'
import { createTask, type TaskContext, type TaskState } from './task'

function setUp() {
  const states: TaskState<number>[] = []
  const task = createTask<number>((state) => states.push(state))
  const runs: {
    context: TaskContext<number>
    resolve(value: string): void
    reject(thrown: unknown): void
  }[] = []
  const work = (context: TaskContext<number>) =>
    new Promise<string>((resolve, reject) => {
      runs.push({ context, resolve, reject })
    })
  return { states, task, runs, work, last: () => states.at(-1) }
}

describe('a task', () => {
  it('begins at once, tells its progress and ends with its value', async () => {
    const { task, runs, work, last, states } = setUp()
    const ended = task.run(work)
    expect(runs).toHaveLength(1)
    expect(last()).toEqual({ status: 'running', progress: null, failure: null })
    runs[0].context.report(4)
    expect(last()).toEqual({ status: 'running', progress: 4, failure: null })
    expect(task.running).toBe(true)
    runs[0].resolve('a')
    expect(await ended).toEqual({ status: 'done', value: 'a' })
    expect(last()).toEqual({ status: 'done', progress: null, failure: null })
    expect(task.running).toBe(false)
    const { length } = states
    runs[0].context.report(5)
    expect(states).toHaveLength(length)
  })

  it('fails with its reason, also where work throws at once', async () => {
    const { task, last } = setUp()
    const failure = { kind: 'network', message: 'down' } as const
    const ended = await task.run(() => {
      throw new FailureError(failure)
    })
    expect(ended).toEqual({ status: 'failed', failure })
    expect(last()).toEqual({ status: 'failed', progress: null, failure })
  })

  it('stops at once, and gives back what comes all the same', async () => {
    const { task, runs, work, last } = setUp()
    const giveBack = vi.fn()
    const ended = task.run(work, giveBack)
    task.abort()
    expect(await ended).toEqual({ status: 'stopped' })
    expect(runs[0].context.signal.reason).toMatchObject({ failure: { kind: 'cancelled' } })
    expect(last()).toEqual({ status: 'stopped', progress: null, failure: null })
    runs[0].context.report(1)
    runs[0].resolve('late')
    await vi.waitFor(() => expect(giveBack).toHaveBeenCalledExactlyOnceWith('late'))
    expect(last()?.status).toBe('stopped')
  })

  it('is stopped where the work itself says that it was', async () => {
    const { task, runs, work } = setUp()
    const ended = task.run(work)
    runs[0].reject(new FailureError({ kind: 'cancelled', message: 'Stopped.' }))
    expect(await ended).toEqual({ status: 'stopped' })
  })

  it('leaves its place to the newest, whose state alone is shown', async () => {
    const { task, runs, work, last } = setUp()
    const giveBack = vi.fn()
    const first = task.run(work, giveBack)
    const second = task.run(work)
    expect(await first).toEqual({ status: 'replaced' })
    expect(runs[0].context.signal.aborted).toBe(true)
    runs[0].context.report(9)
    runs[0].resolve('late')
    await vi.waitFor(() => expect(giveBack).toHaveBeenCalledWith('late'))
    expect(last()).toEqual({ status: 'running', progress: null, failure: null })
    runs[1].resolve('new')
    expect(await second).toEqual({ status: 'done', value: 'new' })
  })

  it('does nothing when it is stopped while nothing runs', () => {
    const { task, states } = setUp()
    task.abort()
    expect(states).toEqual([])
  })
})
