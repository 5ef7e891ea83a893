/**
 * @typedef {object} PageRecord
 * @property {{ time: number, path: string }[]} curves each new shape of the present change's curve, with the time of the
 *   frame that shows it, ms of `performance.now()`
 * @property {number | null} click time of the last click, ms of `performance.now()`
 * @property {() => Promise<void>} whenQuiet resolves when the page has asked its model nothing for a while
 * @property {{ method: string, sent: number, answered: number }[]} calls to the model's worker
 */

/**
 * Runs in the page before its own scripts: notes when a new curve is on screen and when the model is at rest.
 * Self-contained, for Playwright sends its source.
 */
export function recordPage() {
  const ACTIVE_CURVE = '.chart-curve .chart-line.chart-active > path'
  const QUIET_MS = 250
  /** @type {Set<{ method: string, sent: number }>} */
  const waiting = new Set()
  let lastAnswer = 0

  /** @type {PageRecord} */
  const record = {
    curves: [],
    click: null,
    calls: [],
    whenQuiet: () =>
      new Promise((resolve) => {
        const look = () => {
          if (waiting.size === 0 && performance.now() - lastAnswer > QUIET_MS) resolve()
          else setTimeout(look, 20)
        }
        look()
      }),
  }
  Object.assign(window, { record })

  addEventListener('pointerdown', () => performance.mark('bench-press'), true)
  addEventListener(
    'click',
    /** @param {MouseEvent} event */ ({ timeStamp, isTrusted, detail }) => {
      // A click on a label is followed by one on its input, made by the browser.
      if (!isTrusted || detail === 0) return
      record.click = timeStamp
    },
    true,
  )

  // Calls carry an id that their answer repeats (core/rpc); each worker counts its own.
  const PageWorker = window.Worker
  window.Worker = class extends PageWorker {
    /** @type {Map<number, { method: string, sent: number }>} */
    #calls = new Map()

    /** @param {string | URL} url @param {WorkerOptions} [options] */
    constructor(url, options) {
      super(url, options)
      if (options?.name !== 'explorer') return
      const post = this.postMessage.bind(this)
      /** @param {{ rpc?: string, id?: number, method?: string }} message @param {Transferable[]} transfer */
      const postCounted = (message, transfer) => {
        const { rpc, id, method } = message
        if (rpc === 'call' && id !== undefined && method) {
          const call = { method, sent: performance.now() }
          this.#calls.set(id, call)
          waiting.add(call)
        }
        post(message, transfer)
      }
      Object.assign(this, { postMessage: postCounted })
      this.addEventListener('message', ({ data }) => {
        const call = data?.rpc === 'answer' ? this.#calls.get(data.id) : undefined
        if (!call) return
        this.#calls.delete(data.id)
        waiting.delete(call)
        lastAnswer = performance.now()
        record.calls.push({ ...call, answered: lastAnswer })
      })
    }

    /** @override */
    terminate() {
      for (const call of this.#calls.values()) waiting.delete(call)
      super.terminate()
    }
  }

  let path = ''
  new MutationObserver(() => {
    const drawn = document.querySelector(ACTIVE_CURVE)?.getAttribute('d') ?? ''
    if (drawn === path || drawn === '') return
    path = drawn
    requestAnimationFrame(() => {
      // The first task after the frame's own: what the frame shows has been painted.
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        record.curves.push({ time: performance.now(), path: drawn })
        performance.mark('bench-drawn')
      }
      port2.postMessage(null)
    })
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['d', 'class'] })
}
