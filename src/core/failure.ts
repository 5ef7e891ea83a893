/** What can go wrong, by kind: the interface chooses its words and its button by it. */
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

/** An error as a value: what happened, what was kept, what to do. Plain data, so that it crosses to and from a worker. */
export interface Failure {
  readonly kind: FailureKind
  /** What happened, one sentence. */
  readonly message: string
  /** What was kept, one sentence. */
  readonly kept?: string
  /** What to do, one sentence. */
  readonly advice?: string
}

/** A failure on its way up through code that throws; `failureOf` turns it into the value again. */
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

/** Any thrown thing as a failure; unknown ones become `internal` and keep their message. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof FailureError) return thrown.failure
  if (thrown instanceof DOMException && thrown.name === 'AbortError') {
    return { kind: 'cancelled', message: 'Stopped.' }
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return { kind: 'internal', message }
}
