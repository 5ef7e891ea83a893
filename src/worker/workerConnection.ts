import { type Failure, FailureError } from '../core/failure'
import { type Call, type ConnectionOptions, connect, type Port } from '../core/rpc'

/** Describes the part of `Worker` that is used. */
export type WorkerLike = Pick<
  Worker,
  'addEventListener' | 'terminate' | 'postMessage' | 'removeEventListener'
>

type MessageEnd = Pick<WorkerLike, 'addEventListener' | 'removeEventListener' | 'postMessage'>

/** Gives the port of a worker, or within one that of its page. */
export function portOf(end: MessageEnd): Port {
  return {
    post: (message, transfer) => end.postMessage(message, [...transfer]),
    listen: (hear) => {
      const listener = ({ data }: MessageEvent) => hear(data)
      end.addEventListener('message', listener)
      return () => end.removeEventListener('message', listener)
    },
  }
}

/** Asks a worker. Every call is answered, also when the worker dies. */
export interface WorkerConnection {
  readonly call: Call
  /** Ends the worker at once, and lets it go; calls under way reject with `cancelled`. Again does nothing. */
  terminate(): void
}

export interface WorkerConnectionOptions extends Pick<ConnectionOptions, 'serve'> {
  /** Says what is lost where the worker dies. @param detail why, after a colon; or a full stop */
  lost(detail: string): Failure
  /** Reports that the worker died: nothing will answer any more. */
  readonly onLost?: (failure: Failure) => void
}

export function connectWorker(
  worker: WorkerLike,
  { serve, lost, onLost }: WorkerConnectionOptions,
): WorkerConnection {
  const { call, end } = connect(portOf(worker), { serve })
  const onError = (event: Event) => {
    event.preventDefault?.()
    const { message } = event as ErrorEvent
    const failure = lost(message ? `: ${message}` : '.')
    end(new FailureError(failure))
    onLost?.(failure)
  }
  worker.addEventListener('error', onError)
  let terminated = false
  return {
    call,
    terminate() {
      if (terminated) return
      terminated = true
      end(new FailureError({ kind: 'cancelled', message: 'Stopped.' }))
      worker.removeEventListener('error', onError)
      worker.terminate()
    },
  }
}
