import type { Port } from '../core/rpc'
import { portOf, type WorkerLike } from './workerConnection'

/** Runs a worker over a message channel, as real ones do. */
export interface ChannelWorker {
  readonly worker: WorkerLike
  /** Tells the page of an error, as a worker does that fails. */
  crash(): void
  /** Answers no more. */
  close(): void
  readonly terminated: boolean
}

/** @param serve what runs in the worker, with the port of its page */
export function createChannelWorker(serve: (port: Port) => void): ChannelWorker {
  const { port1, port2 } = new MessageChannel()
  const errorListeners: ((event: Event) => void)[] = []
  let terminated = false
  const close = () => {
    port1.close()
    port2.close()
  }
  serve(portOf(port2 as unknown as WorkerLike))
  port2.start()
  return {
    worker: {
      addEventListener: (type: string, listener: EventListenerOrEventListenerObject) => {
        if (type === 'error') errorListeners.push(listener as (event: Event) => void)
        else port1.addEventListener(type, listener as never)
        port1.start()
      },
      removeEventListener: (type: string, listener: EventListenerOrEventListenerObject) =>
        port1.removeEventListener(type, listener as never),
      postMessage: (message: unknown, transfer?: unknown) => port1.postMessage(message, transfer as never),
      terminate: () => {
        terminated = true
        close()
      },
    } as WorkerLike,
    crash: () => {
      for (const listener of errorListeners) listener(new Event('error'))
    },
    close,
    get terminated() {
      return terminated
    },
  }
}
