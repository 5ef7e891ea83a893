import { availableParallelism } from 'node:os'
import { defineConfig } from '@playwright/test'
import type { BrowserOptions } from './e2e/support/page'
import { CHROMIUM_FLAGS } from './scripts/browser.mjs'
import { browserEnvironment, type FontSet, LANGUAGE, TIME_ZONE } from './scripts/testMachine.mjs'

/** Nothing leaves this machine, not even what a test fails to see. */
const ONLY_THIS_MACHINE = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'

const WEBGPU_WITHOUT_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']

const WITHOUT_OWN_FONTS = ['--disable-remote-fonts']

const MINUTE = 60_000

/** `scripts/test.mjs` has found the browser; without it (`npx playwright test`) Playwright's own is used. */
const launchOptions = (flags: readonly string[] = [], fonts?: FontSet) => ({
  executablePath: process.env.CHROME_PATH || undefined,
  args: [...CHROMIUM_FLAGS, ONLY_THIS_MACHINE, ...flags],
  env: browserEnvironment(fonts),
  timeout: 5 * MINUTE,
})

export default defineConfig<BrowserOptions>({
  testDir: 'e2e',
  // Much of a test is waiting: two at a time take the cores of a small machine, and no more than it has.
  workers: Math.min(2, availableParallelism()),
  forbidOnly: Boolean(process.env.CI),
  // Limits that a machine ten times slower keeps: they end what hangs, they measure nothing.
  timeout: 20 * MINUTE,
  expect: { timeout: 5 * MINUTE },
  globalTimeout: 240 * MINUTE,
  use: {
    browserName: 'chromium',
    locale: LANGUAGE,
    timezoneId: TIME_ZONE,
    permissions: ['clipboard-read', 'clipboard-write'],
    // Each test meets the server's own files; what is kept between visits is tested in e2e/offline.spec.ts.
    serviceWorkers: 'block',
    viewport: { width: 1280, height: 900 },
    // Pictures of every step take as long as many of the steps.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
  },
  projects: [
    {
      name: 'chromium',
      testIgnore: '**/*.webgpu.spec.ts',
      // These run in the projects below.
      grepInvert: /@any-font/,
      use: { launchOptions: launchOptions() },
    },
    {
      name: 'webgpu',
      testMatch: '**/*.webgpu.spec.ts',
      use: { launchOptions: launchOptions(WEBGPU_WITHOUT_GPU) },
    },
    // What hangs on the fonts, where the machine has one family only, and where it also keeps the page's own away.
    ...(['dejavu', 'liberation'] as const).flatMap((fonts) => [
      { name: fonts, grep: /@any-font|@own-fonts/, use: { launchOptions: launchOptions([], fonts) } },
      {
        name: `${fonts}-alone`,
        grep: /@any-font/,
        use: { launchOptions: launchOptions(WITHOUT_OWN_FONTS, fonts), takesFonts: false },
      },
    ]),
  ],
})
