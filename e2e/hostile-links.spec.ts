import { deflateSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import fc from 'fast-check'
import { mutatedJson, mutatedText } from '../src/core/mutationFixture'
import { exploreAnnouncement } from './support/corpus'
import { chooseToken, tokenAt, tokens } from './support/explore'
import { linkOf } from './support/link'
import { expect, openApp } from './support/page'
import { test } from './support/tinySite'

/** Seed, the same on every run. */
const SEED = 2506
const CHANGED = 300

const MARKUP = `<img src=x onerror="window.ran=1"><script>window.ran=1</script><svg onload=window.ran=1>`
const TEXT = 'The film is good, and I would watch it again.'

/** Everything that a session may hold, with markup and addresses wherever there is text. */
const FULL = [
  [MARKUP, TEXT],
  'javascript:window.ran=1',
  'ab'.repeat(32),
  4,
  7,
  1,
  [2, 9],
  [
    [0, 0, [3, 12]],
    [1, 5, [2, 40, 4, 41]],
  ],
  9,
  1,
  [7, 500, 1, 0, 1, 5, 0, 1, 10, 0, -1, ['hub', 'https://example.org/<script>', MARKUP, null]],
]

const packed = (json: string) => `#v1.${deflateSync(json).toString('base64url')}`

/** Links of which each would do something, were it more than data. */
const AT_LOAD: readonly string[] = [
  linkOf(FULL),
  linkOf([[TEXT], 'https://example.org/model/', 'cd'.repeat(32), 4]),
  linkOf([[TEXT], 'evil/model', 'cd'.repeat(32), 4]),
  packed(`[${'['.repeat(100_000)}${']'.repeat(100_000)}]`),
  packed(`["${' '.repeat(50_000_000)}"]`),
  '#javascript:window.ran=1',
  `#${MARKUP}`,
  `#v1.${'A'.repeat(200_000)}`,
  '#%00%ff%zz',
]

/** Returns what must stay the same on a page, whatever it was sent. */
const traces = (page: Page) =>
  page.evaluate(() => ({
    ran: 'ran' in window,
    scripts: document.scripts.length,
    inMain: document.querySelectorAll('main img, main script, main iframe, .notices img').length,
  }))

test('hostile links do nothing: no request, no script, no dialog, and the next click is answered', async ({
  page,
  tinySite,
}) => {
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    return dialog.dismiss()
  })
  await openApp(page, '', tinySite)
  const before = await traces(page)

  for (const [index, link] of AT_LOAD.entries()) {
    await test.step(`at load, ${index + 1}`, async () => {
      // From an empty page: the address alone would only change its fragment.
      await page.goto('about:blank')
      await openApp(page, link, tinySite)
      await expect(page.locator('main').first()).toBeVisible()
      expect(await traces(page)).toEqual(before)
    })
  }

  await test.step(`${CHANGED} changed ones on an open page`, async () => {
    await page.goto('about:blank')
    await openApp(page, linkOf([[TEXT], '', '', 4]), tinySite)
    const good = fc.constant(linkOf(FULL))
    const links = fc.sample(
      fc.oneof(
        mutatedText(good, fc.constantFrom('A', '-', '_', '%', '<', '&embed=', '\0', '#', '.')),
        mutatedJson(fc.constant(FULL)).map(packed),
      ),
      { seed: SEED, numRuns: CHANGED },
    )
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.evaluate(async (fragments) => {
      for (const fragment of fragments) {
        const heard = new Promise((resolve) => window.addEventListener('popstate', resolve, { once: true }))
        const former = location.hash
        location.hash = fragment
        if (location.hash !== former) await heard
      }
    }, links)
    expect(await traces(page)).toEqual(before)
    expect(asked.filter((address) => !address.startsWith(tinySite))).toEqual([])
  })

  await test.step('the next click', async () => {
    await page.evaluate(
      (fragment) => {
        location.hash = fragment
      },
      linkOf([[TEXT], '', '', 2]),
    )
    await expect(tokens(page)).toContainText('watch it again')
    await expect(tokenAt(page, 2)).toHaveAttribute('aria-pressed', 'true')
    await chooseToken(page, 4)
    await expect(exploreAnnouncement(page)).toContainText(/distance/)
  })
  expect(dialogs).toEqual([])
})
