import { afterEach, describe, expect, it, vi } from 'vitest'
import { FailureError, fail, failureOf } from './failure'
import { type Call, type Connection, type ConnectionOptions, callOf, connect, type Port, proxy } from './rpc'

const opened: MessagePort[] = []
afterEach(() => {
  for (const port of opened.splice(0)) port.close()
})

function portOf(port: MessagePort): Port {
  opened.push(port)
  return {
    post: (message, transfer) => port.postMessage(message, [...transfer]),
    listen: (hear) => {
      const listener = ({ data }: MessageEvent) => hear(data)
      port.addEventListener('message', listener)
      port.start()
      return () => port.removeEventListener('message', listener)
    },
  }
}

/** Connects two ends of one channel and returns the near one. */
function joined(options: ConnectionOptions, near: ConnectionOptions = {}): Connection {
  const { port1, port2 } = new MessageChannel()
  connect(portOf(port2), options)
  return connect(portOf(port1), near)
}

interface Calculator {
  add(a: number, b: number): Promise<number>
  slow(name: string): Promise<string>
  refuse(): Promise<never>
  count(to: number, onCount: (count: number) => void): Promise<number>
  listen(listener: { heard(word: string): void }): Promise<void>
  wait(options: { readonly signal: AbortSignal }): Promise<string>
  readonly size: () => Promise<number>
}

describe('a proxy', () => {
  it('calls by name, and answers itself what is its own', async () => {
    const call = vi.fn<Call>(async (method) => method)
    const calculator = proxy<Calculator>(call, { add: async (a, b) => a + b })
    expect(await calculator.slow('x')).toBe('slow')
    expect(call).toHaveBeenCalledExactlyOnceWith('slow', ['x'])
    expect(await calculator.add(1, 2)).toBe(3)
    // A proxy may itself be awaited.
    expect(await Promise.resolve(calculator)).toBe(calculator)
  })
})

describe('the calls of an implementation', () => {
  it('are those of its own methods and values, and of nothing that every object has', async () => {
    class Counter {
      size = 4
      next(by: number) {
        return this.size + by
      }
    }
    const call = callOf(new Counter())
    expect(await call('next', [2])).toBe(6)
    expect(await call('size', [])).toBe(4)
    for (const method of ['constructor', 'toString', '__proto__', 'missing']) {
      expect(await call(method, []).catch(failureOf)).toMatchObject({ kind: 'internal' })
    }
  })
})

describe('a connection', () => {
  it('tells answers apart by their calls, in whatever order they come', async () => {
    const ends = new Map<string, (value: string) => void>()
    const near = joined({
      serve: callOf({ slow: (name: string) => new Promise((resolve) => ends.set(name, resolve)) }),
    })
    const calculator = proxy<Calculator>(near.call)
    const [first, second] = [calculator.slow('first'), calculator.slow('second')]
    await vi.waitFor(() => expect(ends.size).toBe(2))
    ends.get('second')?.('2')
    expect(await second).toBe('2')
    ends.get('first')?.('1')
    expect(await first).toBe('1')
  })

  it('rejects with the whole failure that the other end had', async () => {
    const near = joined({
      serve: callOf({
        refuse: () => fail('storage', 'The disk is full.', { kept: 'All.', advice: 'Make room.' }),
        break: () => {
          throw new TypeError('no')
        },
        uncopied: () => () => undefined,
      }),
    })
    expect(await near.call('refuse', []).catch(failureOf)).toEqual({
      kind: 'storage',
      message: 'The disk is full.',
      kept: 'All.',
      advice: 'Make room.',
    })
    expect(await near.call('break', []).catch(failureOf)).toEqual({ kind: 'internal', message: 'no' })
    expect(await near.call('absent', []).catch(failureOf)).toMatchObject({ kind: 'internal' })
    expect(await near.call('uncopied', []).catch(failureOf)).toMatchObject({ kind: 'internal' })
  })

  it('rejects a call whose arguments cannot be copied, and goes on', async () => {
    const near = joined({ serve: callOf({ add: (a: number, b: number) => a + b }) })
    expect(await near.call('add', [[() => undefined]]).catch(failureOf)).toMatchObject({ kind: 'internal' })
    expect(await near.call('add', [1, 2])).toBe(3)
  })

  it('calls functions back, before the answer comes, and a listener for as long as it stands', async () => {
    let heard: (word: string) => void = () => undefined
    const near = joined({
      serve: callOf({
        count: async (to: number, onCount: (count: number) => void) => {
          for (let count = 1; count <= to; count++) onCount(count)
          return to
        },
        listen: (listener: { heard(word: string): void }) => {
          heard = listener.heard
        },
      }),
    })
    const calculator = proxy<Calculator>(near.call)
    const counts: number[] = []
    expect(await calculator.count(3, (count) => counts.push(count))).toBe(3)
    expect(counts).toEqual([1, 2, 3])
    const words: string[] = []
    await calculator.listen({ heard: (word) => words.push(word) })
    heard('after')
    await vi.waitFor(() => expect(words).toEqual(['after']))
  })

  it('carries a signal, already aborted or aborted on the way', async () => {
    let began = false
    const near = joined({
      serve: callOf({
        wait: ({ signal }: { signal: AbortSignal }) =>
          new Promise((_, reject) => {
            began = true
            signal.addEventListener('abort', () => reject(signal.reason))
          }),
      }),
    })
    const calculator = proxy<Calculator>(near.call)
    const wanted = new AbortController()
    const waiting = calculator.wait({ signal: wanted.signal }).catch(failureOf)
    await vi.waitFor(() => expect(began).toBe(true))
    const failure = { kind: 'cancelled', message: 'Not wanted any more.' } as const
    wanted.abort(new FailureError(failure))
    expect(await waiting).toEqual(failure)
    began = false
    expect(await calculator.wait({ signal: wanted.signal }).catch(failureOf)).toEqual(failure)
    expect(began).toBe(false)
  })

  it('asks in both directions', async () => {
    let back: Call = async () => undefined
    const { port1, port2 } = new MessageChannel()
    const far = connect(portOf(port2), {
      serve: async (method) => `${method} of ${await far.call('name', [])}`,
    })
    back = async (method) => (method === 'name' ? 'the page' : undefined)
    const near = connect(portOf(port1), { serve: (method, args) => back(method, args) })
    expect(await near.call('run', [])).toBe('run of the page')
  })

  it('moves the buffers that it is told to, and copies all others', async () => {
    const kept = new Float32Array([1, 2])
    const moved = new Float32Array([3, 4])
    const near = joined({
      serve: callOf({ kept: () => kept, moved: () => moved }),
      transferOf: (method) => (method === 'moved' ? [moved.buffer] : []),
    })
    expect(await near.call('kept', [])).toEqual(Float32Array.of(1, 2))
    expect(await near.call('moved', [])).toEqual(Float32Array.of(3, 4))
    expect([kept.length, moved.length]).toEqual([2, 0])
  })

  it('ends what is under way and all that comes later, with the reason', async () => {
    const near = joined({ serve: () => new Promise(() => undefined) })
    const waiting = near.call('slow', []).catch(failureOf)
    const lost = { kind: 'worker-lost', message: 'It stopped.' } as const
    near.end(new FailureError(lost))
    near.end(new FailureError({ kind: 'cancelled', message: 'Stopped.' }))
    expect(await waiting).toEqual(lost)
    expect(await near.call('slow', []).catch(failureOf)).toEqual(lost)
  })
})
