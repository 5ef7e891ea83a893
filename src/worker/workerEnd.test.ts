import { afterEach, expect, it, vi } from 'vitest'
import { hearEnd, reportEnd } from './workerEnd'

/** Creates locks as the browser keeps them: one holder a name, the others in line; `end` releases all of a thread's. */
function createLocks() {
  const lines = new Map<string, { readonly owner: string; readonly grant: () => unknown }[]>()
  const grantFirst = (name: string) => {
    const first = lines.get(name)?.[0]
    if (!first) return
    void Promise.resolve(first.grant()).then(() => {
      lines.get(name)?.shift()
      grantFirst(name)
    })
  }
  return {
    of: (owner: string) => ({
      request: async (name: string, grant: () => unknown) => {
        const line = lines.get(name) ?? []
        lines.set(name, line)
        line.push({ owner, grant })
        if (line.length === 1) grantFirst(name)
      },
    }),
    end: (owner: string) => {
      for (const [name, line] of lines) {
        const held = line[0]?.owner === owner
        lines.set(
          name,
          line.filter((one) => one.owner !== owner),
        )
        if (held) grantFirst(name)
      }
    },
  }
}

class FakeErrorEvent extends Event {}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

afterEach(() => vi.unstubAllGlobals())

/** Starts a worker and its page in one thread: `locks` of the one, then of the other. */
function startWorker(locks: ReturnType<typeof createLocks>) {
  const worker = new EventTarget() as EventTarget & Pick<Worker, 'addEventListener' | 'dispatchEvent'>
  const ends: Event[] = []
  worker.addEventListener('error', (event) => ends.push(event))
  vi.stubGlobal('ErrorEvent', FakeErrorEvent)
  vi.stubGlobal('postMessage', (data: unknown) => {
    vi.stubGlobal('navigator', { locks: locks.of('page') })
    worker.dispatchEvent(new MessageEvent('message', { data }))
  })
  expect(hearEnd(worker)).toBe(worker)
  vi.stubGlobal('navigator', { locks: locks.of('worker') })
  reportEnd()
  return { worker, ends }
}

it('tells of a worker that ends without a word, once', async () => {
  const locks = createLocks()
  const { worker, ends } = startWorker(locks)
  worker.dispatchEvent(new MessageEvent('message', { data: { rpc: 'answer' } }))
  await settle()
  expect(ends).toHaveLength(0)
  locks.end('worker')
  await settle()
  expect(ends).toHaveLength(1)
  locks.end('page')
  await settle()
  expect(ends).toHaveLength(1)
})

it('does nothing where pages have no locks', async () => {
  vi.stubGlobal('navigator', {})
  const post = vi.fn()
  vi.stubGlobal('postMessage', post)
  reportEnd()
  await settle()
  expect(post).not.toHaveBeenCalled()
})
