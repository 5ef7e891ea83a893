import type { Failure } from '../core/failure'

/** Holds a result and its status. While `loading`, `value` may still hold the former one. */
export interface Resource<T> {
  readonly status: 'idle' | 'loading' | 'ready' | 'error'
  readonly value: T | null
  readonly failure: Failure | null
}

export const idle = <T>(): Resource<T> => ({ status: 'idle', value: null, failure: null })

export const loading = <T>(former: T | null = null): Resource<T> => ({
  status: 'loading',
  value: former,
  failure: null,
})

export const ready = <T>(value: T): Resource<T> => ({ status: 'ready', value, failure: null })

export const failed = <T>(failure: Failure, former: T | null = null): Resource<T> => ({
  status: 'error',
  value: former,
  failure,
})

/** Returns a resource that loads until the model is open: `failure.kind` is `not-ready`. */
export const waiting = <T>(former: T | null = null): Resource<T> => ({
  status: 'loading',
  value: former,
  failure: { kind: 'not-ready', message: 'This waits for the model.' },
})
