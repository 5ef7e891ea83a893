import { createServer, request, type ServerResponse } from 'node:http'

/** Controls a server in front of another one, at which large files wait until they are let through. */
export interface Gate {
  /** Address with a trailing slash. */
  readonly url: string
  readonly origin: string
  /** Lets so many bytes of each file that waits, or will, pass. */
  letThrough(bytes: number): void
  open(): void
  /** Ends what waits without an answer, as a network does that went away. */
  breakOff(): void
  close(): Promise<void>
}

interface Waiting {
  readonly file: Buffer
  readonly response: ServerResponse
  sent: number
}

/**
 * @param upstream address of the server behind it
 * @param waits which paths wait at the gate; everything else passes
 */
export async function openGate(upstream: string, waits: RegExp): Promise<Gate> {
  const waiting = new Set<Waiting>()
  let allowed = 0

  const push = (one: Waiting) => {
    const { file, response, sent } = one
    const end = Math.min(file.length, allowed)
    if (end <= sent) return
    response.write(file.subarray(sent, end))
    one.sent = end
    if (end === file.length) {
      response.end()
      waiting.delete(one)
    }
  }

  const server = createServer((incoming, response) => {
    const target = new URL(incoming.url ?? '/', upstream)
    const { host: _host, ...headers } = incoming.headers
    const passing = request(target, { method: incoming.method, headers }, (answer) => {
      if (!waits.test(target.pathname)) {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
        return
      }
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        const one = { file: Buffer.concat(chunks), response, sent: 0 }
        waiting.add(one)
        response.on('close', () => waiting.delete(one))
        push(one)
      })
    })
    passing.on('error', () => response.destroy())
    incoming.pipe(passing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the gate has no port')
  const origin = `http://127.0.0.1:${address.port}`
  const letThrough = (bytes: number) => {
    allowed = bytes
    for (const one of waiting) push(one)
  }
  return {
    url: `${origin}/`,
    origin,
    letThrough,
    open: () => letThrough(Number.POSITIVE_INFINITY),
    breakOff: () => {
      for (const { response } of waiting) response.destroy()
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}
