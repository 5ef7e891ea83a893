/** Names the kinds of failure: the interface chooses its words and its button by kind. */
export type FailureKind =
  | 'network'
  | 'missing-file'
  | 'damaged-file'
  | 'unsupported-model'
  | 'out-of-memory'
  | 'device-lost'
  | 'worker-lost'
  | 'invalid-request'
  | 'invalid-link'
  | 'storage'
  | 'cancelled'
  | 'not-ready'
  | 'internal'

/**
 * Describes an error as a value: what happened, what was kept, what to do. Plain data, so that it can be posted to and
 * from a worker.
 */
export interface Failure {
  readonly kind: FailureKind
  /** Sentence that says what happened. */
  readonly message: string
  /** Sentence that says what was kept. */
  readonly kept?: string
  /** Sentence that says what to do. */
  readonly advice?: string
  /** Remedy that is not taken unasked: to read the model with the built-in vocabulary. */
  readonly offer?: 'built-in-vocabulary'
}

/** Carries a failure through code that throws; `failureOf` returns it as a value again. */
export class FailureError extends Error {
  override readonly name = 'FailureError'
  readonly failure: Failure

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options)
    this.failure = failure
  }
}

export function fail(
  kind: FailureKind,
  message: string,
  more: Omit<Failure, 'kind' | 'message'> = {},
): never {
  throw new FailureError({ kind, message, ...more })
}

/** Converts any thrown value to a failure; unknown ones become `internal` and keep their message. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof FailureError) return thrown.failure
  if (thrown instanceof DOMException && thrown.name === 'AbortError') {
    return { kind: 'cancelled', message: 'Stopped.' }
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return { kind: 'internal', message }
}
