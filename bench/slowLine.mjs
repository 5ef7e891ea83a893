import { connect, createServer } from 'node:net'
import { Transform } from 'node:stream'

const CHUNK = 1460

/**
 * Opens a line of limited speed to a server on this machine and counts its bytes: all connections share it.
 *
 * @param {string} url of the server
 * @param {number} bytesPerSecond
 */
export async function openSlowLine(url, bytesPerSecond) {
  const { hostname, port } = new URL(url)
  /** @type {{ time: number, bytes: number }[]} */
  const carried = []
  let freeAt = 0

  /** Waits for its turn on the line. @param {number} bytes */
  const take = async (bytes) => {
    const now = performance.now()
    freeAt = Math.max(freeAt, now) + (1000 * bytes) / bytesPerSecond
    const wait = freeAt - now
    if (wait > 2) await new Promise((resolve) => setTimeout(resolve, wait))
    carried.push({ time: performance.timeOrigin + performance.now(), bytes })
  }

  const slowed = () =>
    new Transform({
      highWaterMark: CHUNK,
      transform(data, _encoding, done) {
        const send = async () => {
          for (let start = 0; start < data.length; start += CHUNK) {
            const part = data.subarray(start, start + CHUNK)
            await take(part.length)
            this.push(part)
          }
        }
        send().then(() => done(), done)
      },
    })

  const server = createServer((socket) => {
    const upstream = connect(Number(port), hostname)
    const close = () => {
      socket.destroy()
      upstream.destroy()
    }
    socket.on('error', close).on('close', close)
    upstream.on('error', close)
    socket.pipe(upstream)
    upstream.pipe(slowed()).pipe(socket)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the line has no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    /** Returns the bytes carried to the browser, heads of answers included. @param {number} time ms of Unix time */
    carriedUntil: (time) => carried.reduce((sum, { time: at, bytes }) => (at <= time ? sum + bytes : sum), 0),
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
