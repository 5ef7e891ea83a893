interface Kept {
  readonly blob: Blob
  readonly request: Request
}

/** Implements the used part of the Cache API in memory, with a limit, for tests outside a browser. */
export class CachesFixture {
  readonly #caches = new Map<string, Map<string, Kept>>()
  /** Most bytes that it stores. */
  quota: number

  constructor(quota = Number.POSITIVE_INFINITY) {
    this.quota = quota
  }

  get bytes(): number {
    const kept = [...this.#caches.values()].flatMap((cache) => [...cache.values()])
    return kept.reduce((sum, { blob }) => sum + blob.size, 0)
  }

  get keys(): string[] {
    return [...this.#caches.values()].flatMap((cache) => [...cache.keys()])
  }

  open(name: string): Promise<Pick<Cache, 'match' | 'put' | 'delete' | 'keys'>> {
    const cache = this.#caches.get(name) ?? new Map<string, Kept>()
    this.#caches.set(name, cache)
    const urlOf = (key: RequestInfo | URL) => new Request(key).url
    return Promise.resolve({
      match: async (key) => {
        const kept = cache.get(urlOf(key))
        return kept && new Response(kept.blob)
      },
      put: async (key, response) => {
        const blob = await response.blob()
        const request = new Request(key)
        const former = cache.get(request.url)?.blob.size ?? 0
        if (this.bytes - former + blob.size > this.quota) throw new DOMException('full', 'QuotaExceededError')
        cache.set(request.url, { blob, request })
      },
      delete: async (key) => cache.delete(urlOf(key)),
      keys: async () => [...cache.values()].map(({ request }) => request),
    })
  }
}
