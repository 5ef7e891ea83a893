import { describe, expect, it } from 'vitest'
import { type Failure, FailureError } from '../core/failure'
import { createQuery, type Question } from './query'
import { idle, type Resource } from './resource'

function setUp(onSettled: () => void = () => undefined) {
  let resource: Resource<string> = idle()
  const asked: { key: string; resolve(value: string): void; reject(kind: Failure['kind']): void }[] = []
  let settled: () => void = () => undefined
  const query = createQuery<string>(
    () => resource,
    (next) => {
      resource = next
    },
    () => {
      onSettled()
      settled()
    },
  )
  const question = (key: string, generation = 0): Question<string> => ({
    key,
    generation,
    former: null,
    ask: () =>
      new Promise((resolve, reject) => {
        asked.push({ key, resolve, reject: (kind) => reject(new FailureError({ kind, message: kind })) })
      }),
  })
  const nextSettled = () =>
    new Promise<void>((resolve) => {
      settled = resolve
    })
  return { query, question, asked, nextSettled, resource: () => resource }
}

describe('a query', () => {
  it('asks a question once', async () => {
    const { query, question, asked, nextSettled, resource } = setUp()
    query.ask(question('a'))
    query.ask(question('a'))
    const settled = nextSettled()
    asked[0].resolve('answer')
    await settled
    query.ask(question('a'))
    expect(asked).toHaveLength(1)
    expect(resource()).toMatchObject({ status: 'ready', value: 'answer' })
  })

  it('asks what failed again once the user has done something, and not before', async () => {
    const { query, question, asked, nextSettled, resource } = setUp()
    query.ask(question('a'))
    const settled = nextSettled()
    asked[0].reject('out-of-memory')
    await settled
    query.ask(question('a'))
    expect(asked).toHaveLength(1)
    expect(resource().failure?.kind).toBe('out-of-memory')
    query.retry()
    query.ask(question('a'))
    expect(asked).toHaveLength(2)
    expect(resource()).toMatchObject({ status: 'loading', failure: null })
    const again = nextSettled()
    asked[1].resolve('answer')
    await again
    query.retry()
    query.ask(question('a'))
    expect(asked).toHaveLength(2)
    expect(resource().value).toBe('answer')
  })

  it('asks what was cancelled again while it is still wanted, but not for ever', async () => {
    const { query, question, asked, nextSettled } = setUp(() => query.ask(question('a')))
    query.ask(question('a'))
    for (let i = 0; i < 4; i++) {
      const settled = nextSettled()
      asked[i].reject('cancelled')
      await settled
    }
    expect(asked).toHaveLength(4)
    expect(query.pending).toBe(false)
    query.retry()
    query.ask(question('a'))
    expect(asked).toHaveLength(5)
  })

  it('takes an answer from memory for what failed', async () => {
    const { query, question, asked, nextSettled, resource } = setUp()
    query.ask(question('a'))
    const settled = nextSettled()
    asked[0].reject('internal')
    await settled
    query.answer('a', 0, 'known')
    expect(resource()).toMatchObject({ status: 'ready', value: 'known' })
  })

  it('leaves alone what waits for the model: its opening asks anew', async () => {
    const { query, question, asked, nextSettled, resource } = setUp()
    query.ask(question('a'))
    const settled = nextSettled()
    asked[0].reject('not-ready')
    await settled
    query.retry()
    query.ask(question('a'))
    expect(asked).toHaveLength(1)
    expect(resource().failure?.kind).toBe('not-ready')
    query.ask(question('a', 1))
    expect(asked).toHaveLength(2)
  })

  it('aborts the signal of a question that is replaced or not wanted, and of no other', async () => {
    const { query, question } = setUp()
    const signals: AbortSignal[] = []
    const observed = (key: string) => ({
      ...question(key),
      ask: (signal: AbortSignal) => {
        signals.push(signal)
        return key === 'done' ? Promise.resolve(key) : new Promise<string>(() => undefined)
      },
    })
    query.ask(observed('a'))
    query.ask(observed('b'))
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    expect(signals[0].reason).toMatchObject({ failure: { kind: 'cancelled' } })
    query.stop()
    expect(signals[1].aborted).toBe(true)
    query.ask(observed('done'))
    await Promise.resolve()
    query.ask(observed('c'))
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false, false])
  })

  it('drops the failure of a question that was replaced', async () => {
    const { query, question, asked, nextSettled, resource } = setUp()
    query.ask(question('a'))
    query.ask(question('b'))
    const settled = nextSettled()
    asked[0].reject('internal')
    await settled
    expect(resource().status).toBe('loading')
    query.retry()
    query.ask(question('b'))
    expect(asked.map(({ key }) => key)).toEqual(['a', 'b'])
  })
})
