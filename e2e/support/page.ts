import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, test as base, expect, type Locator, type Page } from '@playwright/test'
import { serve } from '../../scripts/serve.mjs'
import { type Watch, watchContext } from './watch'

export { expect } from '@playwright/test'

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))

/**
 * Messages written where nothing is wrong: WebGPU was asked for on a machine without a GPU; the tests' browser
 * registers no service worker (playwright.config.ts).
 */
const BROWSER_NOISE = [
  /^warning: No available adapters\./,
  /^warning: Service Worker registration blocked by Playwright/,
]

/** Runs in every frame before the page does; some frames have no storage. */
export function rememberTourLeft(): void {
  try {
    localStorage.setItem('ripplescope-tour', 'left')
  } catch {
    // No tour comes where nothing is kept.
  }
}

/** Messages where the browser takes no fonts of pages, so that those asked for early are never used. */
const WITHOUT_FONTS_NOISE = /^warning: The resource \S+\.woff2 was preloaded using link preload but not used/

/** Describes the browser of a project of playwright.config.ts. */
export interface BrowserOptions {
  /** true if it takes the fonts that pages bring. */
  takesFonts: boolean
}

interface TestFixtures extends BrowserOptions {
  /** Console messages that a test provokes on purpose: `test.use({ allowedProblems: [/404/] })`. */
  allowedProblems: readonly RegExp[]
  /** Objections that the watch must make, a part of each sentence: for tests of the watch itself. */
  expectedObjections: readonly string[]
  /** true if the first-visit tour was left before, so that it covers nothing in other tests. */
  tourLeft: boolean
  /** Opens another browser profile, empty, watched like the test's own: a colleague who opens a link. */
  freshContext: () => Promise<BrowserContext>
  /** Holds of every test: no request leaves the origin, the console is clean. */
  watchfulness: { watch(context: BrowserContext): void }
}

interface WorkerFixtures {
  /** Origins of the pages under test. */
  origins: Set<string>
  /** Serves dist/ with a folder's files in the place of its own; returns the address. */
  serveOverlay: (folder: string) => Promise<string>
  /** Address of dist/. */
  site: string
}

/** Playwright's `test` for pages of ours; `baseURL` is the built page's address. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  origins: [new Set(), { scope: 'worker', option: true }],

  serveOverlay: [
    async ({ origins }, use) => {
      const servers: { close(): Promise<void> }[] = []
      await use(async (overlay) => {
        const server = await serve({ root: DIST, overlay })
        servers.push(server)
        origins.add(new URL(server.url).origin)
        return server.url
      })
      await Promise.all(servers.map((server) => server.close()))
    },
    { scope: 'worker' },
  ],

  site: [
    async ({ origins }, use) => {
      const server = await serve({ root: DIST })
      origins.add(new URL(server.url).origin)
      await use(server.url)
      await server.close()
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ site }, use) => use(site),

  takesFonts: [true, { option: true }],

  allowedProblems: [[], { option: true }],

  expectedObjections: [[], { option: true }],

  tourLeft: [true, { option: true }],

  context: async ({ context, tourLeft }, use) => {
    if (tourLeft) await context.addInitScript(rememberTourLeft)
    await use(context)
  },

  watchfulness: [
    async ({ origins, context, allowedProblems, expectedObjections, takesFonts }, use) => {
      const watches: Watch[] = []
      const watch = (watched: BrowserContext) => {
        watches.push(watchContext(watched, origins))
      }
      watch(context)
      await use({ watch })
      const allowed = [...BROWSER_NOISE, ...allowedProblems, ...(takesFonts ? [] : [WITHOUT_FONTS_NOISE])]
      const objections = watches.flatMap(({ foreignRequests, problems }) => [
        ...foreignRequests.map((address) => `left the origin: ${address}`),
        ...problems.filter((problem) => !allowed.some((it) => it.test(problem))),
      ])
      expect(objections, 'requests that left the origin, errors and warnings in the console').toEqual(
        expectedObjections.map((part) => expect.stringContaining(part)),
      )
    },
    { auto: true },
  ],

  freshContext: async ({ browser, site, watchfulness, tourLeft }, use) => {
    const contexts: BrowserContext[] = []
    await use(async () => {
      const context = await browser.newContext({ baseURL: site })
      if (tourLeft) await context.addInitScript(rememberTourLeft)
      contexts.push(context)
      watchfulness.watch(context)
      return context
    })
    await Promise.all(contexts.map((context) => context.close()))
  },
})

/**
 * Opens the built page and waits until it shows something.
 *
 * @param fragment of a link, with or without its `#`
 * @param url address from `serveOverlay`; the plain page's where absent
 */
export async function openApp(page: Page, fragment = '', url = './'): Promise<void> {
  const hash = fragment === '' || fragment.startsWith('#') ? fragment : `#${fragment}`
  await page.goto(`${url}${hash}`)
  await expect(page.locator('#root')).not.toBeEmpty()
}

/** Runs what starts a download and returns the file. */
export async function download(
  page: Page,
  action: () => Promise<unknown>,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), action()])
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
}

/** Opens the menu of what is exported and chooses a format. */
export async function chooseExport(scope: Page | Locator, title: string, format: string): Promise<void> {
  await scope.getByRole('button', { name: `Export ${title}`, exact: true }).click()
  await scope.getByRole('button', { name: `${title} as ${format}`, exact: true }).click()
}

/** Runs what starts a download and returns the file's text. */
export async function downloadText(page: Page, action: () => Promise<unknown>): Promise<string> {
  return (await download(page, action)).bytes.toString('utf8')
}
