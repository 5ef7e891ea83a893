import { type Failure, FailureError, fail, failureOf } from './failure'

/**
 * Calls a method by its name. Every route to an implementation is one: in this thread, through a queue, over a port.
 */
export type Call = (method: string, args: readonly unknown[]) => Promise<unknown>

/**
 * Returns the methods of an interface, each of them a call by its name: a method is declared in the interface and its
 * implementation, and nowhere between.
 *
 * @param own methods that answer here
 */
export function proxy<T extends object>(call: Call, own: Partial<T> = {}): T {
  return new Proxy(own, {
    get: (target, name) => {
      // An object with `then` would be taken for a promise.
      if (name in target || typeof name !== 'string' || name === 'then') return Reflect.get(target, name)
      return (...args: readonly unknown[]) => call(name, args)
    },
  }) as T
}

/** Calls the methods of an implementation; a plain property answers with its value. */
export function callOf(implementation: object): Call {
  return async (method, args) => {
    const found: unknown = method in Object.prototype ? undefined : Reflect.get(implementation, method)
    if (found === undefined) return fail('internal', `Nothing here answers "${method}".`)
    return typeof found === 'function' ? Reflect.apply(found, implementation, args) : found
  }
}

/** Represents one end of a channel between two threads: a worker and its page, or threads of Node. */
export interface Port {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void
  /** @returns stops listening */
  listen(hear: (message: unknown) => void): () => void
}

export interface Connection {
  /** Asks the other end. */
  readonly call: Call
  /** Rejects all present and later calls and closes the port. */
  end(reason: FailureError): void
}

export interface ConnectionOptions {
  /** Answers what the other end asks. */
  readonly serve?: Call
  /** Returns buffers of an answer to transfer instead of copying: this thread must not need them any more. */
  readonly transferOf?: (method: string, value: unknown) => readonly ArrayBuffer[]
}

/** Holds an answer; failures are posted as values, since an exception would lose its fields. */
type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly failure: Failure }

type Message =
  | { readonly rpc: 'call'; readonly id: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly rpc: 'answer'; readonly id: number; readonly answer: Answer }
  /** Calls a function that came with a call. */
  | { readonly rpc: 'back'; readonly id: number; readonly args: readonly unknown[] }
  /** Aborts a signal that came with a call. */
  | { readonly rpc: 'abort'; readonly id: number; readonly failure: Failure }

/** Replaces what cannot be copied: a function, or a signal. */
interface Handle {
  readonly handle: 'function' | 'signal'
  readonly id: number
}

const hasKey = (value: unknown, key: string): boolean =>
  typeof value === 'object' && value !== null && key in value

const isMessage = (data: unknown): data is Message => hasKey(data, 'rpc')
const isHandle = (value: unknown): value is Handle => hasKey(value, 'handle')

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

const mapValues = (value: Record<string, unknown>, map: (part: unknown) => unknown) =>
  Object.fromEntries(Object.entries(value).map(([key, part]) => [key, map(part)]))

/**
 * Joins two threads: each calls the other's methods by name, any number of calls at a time.
 *
 * Arguments are copied, but for functions and `AbortSignal`s, as arguments or as fields of a plain object that is one.
 * Those are called, and abort, across the port: a function that is an argument (of progress) until the answer has come,
 * one within an object (a listener) until the connection ends.
 */
export function connect(port: Port, { serve, transferOf }: ConnectionOptions = {}): Connection {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(reason: unknown): void }>()
  const functions = new Map<number, (...args: readonly unknown[]) => unknown>()
  const signals = new Map<number, AbortController>()
  let ids = 0
  let ended: FailureError | null = null

  const post = (message: Message, transfer: readonly ArrayBuffer[] = []) => port.post(message, transfer)

  /** @param release gathers what is undone once the answer has come */
  function pack(args: readonly unknown[], release: (() => void)[]): unknown[] {
    const handleOf = (value: unknown, lasting: boolean): unknown => {
      if (typeof value === 'function') {
        const id = ids++
        functions.set(id, value as (...args: readonly unknown[]) => unknown)
        if (!lasting) release.push(() => functions.delete(id))
        return { handle: 'function', id } satisfies Handle
      }
      if (value instanceof AbortSignal) {
        const id = ids++
        if (value.aborted) throw value.reason
        const abort = () => post({ rpc: 'abort', id, failure: failureOf(value.reason) })
        value.addEventListener('abort', abort)
        release.push(() => value.removeEventListener('abort', abort))
        return { handle: 'signal', id } satisfies Handle
      }
      return value
    }
    return args.map((value) =>
      isPlain(value) ? mapValues(value, (part) => handleOf(part, true)) : handleOf(value, false),
    )
  }

  function unpack(args: readonly unknown[], release: (() => void)[]): unknown[] {
    const restored = (value: unknown): unknown => {
      if (!isHandle(value)) return value
      const { handle, id } = value
      if (handle === 'function') {
        return (...given: readonly unknown[]) => {
          if (!ended) post({ rpc: 'back', id, args: given })
        }
      }
      const controller = new AbortController()
      signals.set(id, controller)
      release.push(() => signals.delete(id))
      return controller.signal
    }
    return args.map((value) =>
      isPlain(value) && !isHandle(value) ? mapValues(value, restored) : restored(value),
    )
  }

  async function answer(id: number, method: string, args: readonly unknown[]): Promise<void> {
    const release: (() => void)[] = []
    const refuse = (thrown: unknown) =>
      post({ rpc: 'answer', id, answer: { ok: false, failure: failureOf(thrown) } })
    try {
      if (!serve) return fail('internal', `Nobody answers "${method}" here.`)
      const value = await serve(method, unpack(args, release))
      if (!ended) post({ rpc: 'answer', id, answer: { ok: true, value } }, transferOf?.(method, value))
    } catch (thrown) {
      if (!ended) refuse(thrown)
    } finally {
      for (const undo of release) undo()
    }
  }

  const stopListening = port.listen((message) => {
    if (!isMessage(message)) return
    const { id } = message
    if (message.rpc === 'call') void answer(id, message.method, message.args)
    else if (message.rpc === 'back') functions.get(id)?.(...message.args)
    else if (message.rpc === 'abort') signals.get(id)?.abort(new FailureError(message.failure))
    else if (message.answer.ok) waiting.get(id)?.resolve(message.answer.value)
    else waiting.get(id)?.reject(new FailureError(message.answer.failure))
  })

  return {
    async call(method, args) {
      if (ended) throw ended
      const id = ids++
      const release = [() => waiting.delete(id)]
      try {
        return await new Promise((resolve, reject) => {
          waiting.set(id, { resolve, reject })
          post({ rpc: 'call', id, method, args: pack(args, release) })
        })
      } finally {
        for (const undo of release) undo()
      }
    },
    end(reason) {
      if (ended) return
      ended = reason
      stopListening()
      for (const { reject } of waiting.values()) reject(reason)
      for (const signal of signals.values()) signal.abort(reason)
      functions.clear()
    },
  }
}
