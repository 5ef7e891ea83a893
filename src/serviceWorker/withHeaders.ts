/** Documents and workers: the only files whose answer decides how isolated, and how restricted, they run. */
const POLICED: readonly RequestDestination[] = ['document', 'iframe', 'worker', 'sharedworker']

/**
 * Adds to an answer the headers that its host did not send: a static host may send none of its own, and then the page
 * has no threads (COOP, COEP) and its workers no policy (CSP). What the host does send stays.
 *
 * @returns the same response where nothing is missing, or where it is neither a document nor a worker
 */
export function withHeaders(
  response: Response,
  destination: RequestDestination,
  headers: Readonly<Record<string, string>>,
): Response {
  const missing = Object.entries(headers).filter(([name]) => !response.headers.has(name))
  if (!POLICED.includes(destination) || response.type === 'error' || missing.length === 0) return response
  const { status, statusText } = response
  const completed = new Headers(response.headers)
  for (const [name, value] of missing) completed.set(name, value)
  return new Response(response.body, { status, statusText, headers: completed })
}
