import { expect, type Page } from '@playwright/test'

interface FaultyWindow {
  readonly faults: { stopAtNext: string | null; readonly workers: Worker[] }
}

/** Finds the notice that the model was started again. */
export const notice = (page: Page) => page.locator('.notice')

/** Finds the reason why the model does not run, with the button that goes on. */
export const loadFailure = (page: Page) => page.locator('.load-failure')

/**
 * Lets a test stop the page's workers in the middle of a call, from the next load on. Runs in the page before its own
 * scripts, and is self-contained, for Playwright sends its source.
 */
export const recordWorkers = (page: Page) =>
  page.addInitScript(() => {
    const faults: FaultyWindow['faults'] = { stopAtNext: null, workers: [] }
    Object.assign(window, { faults })
    const PageWorker = window.Worker
    window.Worker = class extends PageWorker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options)
        faults.workers.push(this)
        const post = this.postMessage.bind(this)
        Object.assign(this, {
          postMessage: (message: { method?: string }, transfer: Transferable[]) => {
            post(message, transfer)
            if (faults.stopAtNext === null || message.method !== faults.stopAtNext) return
            faults.stopAtNext = null
            this.terminate()
          },
        })
      }
    }
  })

/** Ends without a word the worker that is asked next for this, as a browser ends one for its memory. */
export const stopAtNext = (page: Page, method: 'measure' | 'tokenize') =>
  page.evaluate((name) => {
    const { faults } = window as unknown as FaultyWindow
    faults.stopAtNext = name
  }, method)

/** Waits until the worker that `stopAtNext` was for has been asked, and is gone. */
export const expectStopped = (page: Page) =>
  expect
    .poll(() => page.evaluate(() => (window as unknown as FaultyWindow).faults.stopAtNext), {
      message: 'the worker was asked, and stopped',
    })
    .toBeNull()

/** Puts code before that of workers which start from now on. */
export async function putBefore(page: Page, worker: 'explorer' | 'corpus', code: string): Promise<void> {
  await page.route(`**/assets/${worker}.worker-*.js`, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: `${code};\n${await response.text()}` })
  })
}

/** Returns the workers of a name that run now. */
export const workersOf = (page: Page, name: 'explorer' | 'corpus') =>
  page.workers().filter((worker) => worker.url().includes(`/${name}.worker-`))
