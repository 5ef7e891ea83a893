/** Tells addresses that this page's threads ask for; absolute, http and https only. */
export type RequestListener = (urls: readonly string[]) => void

interface RequestReport {
  readonly requests: readonly string[]
}

function isReport(data: unknown): data is RequestReport {
  return typeof data === 'object' && data !== null && 'requests' in data && Array.isArray(data.requests)
}

const isHttp = (url: string) => /^https?:/.test(url)

/**
 * Reports every request of this thread from its beginning on: what the browser's own timeline lists, each fetch already
 * when it starts, and where it was redirected to, which the timeline leaves out.
 */
export function observeRequests(listener: RequestListener): void {
  const tell = (urls: readonly string[]) => {
    const asked = urls.filter(isHttp)
    if (asked.length > 0) listener(asked)
  }
  for (const type of ['navigation', 'resource']) {
    new PerformanceObserver((list) => tell(list.getEntries().map(({ name }) => name))).observe({
      type,
      buffered: true,
    })
  }
  const fetch = globalThis.fetch.bind(globalThis)
  globalThis.fetch = async (input, init) => {
    tell([input instanceof Request ? input.url : new URL(input, location.href).href])
    const response = await fetch(input, init)
    if (response.redirected) tell([response.url])
    return response
  }
}

/** Reports a worker's requests to the page that started it; called in the worker. */
export function reportRequests(): void {
  observeRequests((requests) => {
    const report: RequestReport = { requests }
    globalThis.postMessage(report)
  })
}

/** Requests that workers reported before anybody listened. */
let early: string[] = []
let heard: RequestListener = (urls) => {
  early = early.concat(urls)
}

/** Hears a worker's reports of requests among its other messages; called in the page. */
export function hearRequests<T extends Pick<Worker, 'addEventListener'>>(worker: T): T {
  worker.addEventListener('message', ({ data }) => {
    if (isReport(data)) heard(data.requests)
  })
  return worker
}

/** Reports every request of the page's workers, those from before this call at once. There is one listener. */
export function onWorkerRequests(listener: RequestListener): void {
  heard = listener
  listener(early)
  early = []
}
