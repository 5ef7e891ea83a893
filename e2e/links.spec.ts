import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import {
  announcement,
  chooseToken,
  expectMeasured,
  modelLine,
  openLive,
  paste,
  provenance,
  review,
  tokens,
} from './support/explore'
import { expectAddress, linkOf } from './support/link'
import { download, expect, openApp } from './support/page'
import { test } from './support/tinySite'

const REVIEW = 'A warm, clever little comedy with a great cast and not one wasted scene.'

const manifest = JSON.parse(readFileSync(new URL('../public/models/built-in.json', import.meta.url), 'utf8'))

const problems = (page: Page) => page.getByRole('alert')

/** Expects the page as it is without a link: the first example with its results. */
async function expectDefault(page: Page): Promise<void> {
  await expectMeasured(page, 'seven → 7')
  await expect(review(page)).toContainText('Seven out of ten')
}

/** Drops a file on the page. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, text]) => {
      const data = new DataTransfer()
      data.items.add(new File([text], fileName, { type: 'application/json' }))
      return data
    },
    [name, content],
  )
  await page.dispatchEvent('main', 'dragover', { dataTransfer: transfer })
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer })
}

test('a link written by its description opens what it says', { tag: '@quick' }, async ({ page }) => {
  await openLive(page, linkOf([[REVIEW], manifest.id, manifest.sha256, 9, 2204, 0]))
  await expectMeasured(page, 'great → good')
  await expect(tokens(page)).toContainText('A warm, clever little comedy with a goodgreat cast')
  await expect(page.getByRole('radio', { name: 'l1', exact: true })).toBeChecked()
  await expect(page.locator('.notice')).toHaveCount(0)
})

const good = linkOf([[REVIEW], manifest.id, manifest.sha256, 9, 2204])

const UNREADABLE: Record<string, readonly [string, RegExp]> = {
  'cut off': [good.slice(0, -12), /The link is damaged/],
  'with a changed letter': [
    `${good.slice(0, 30)}${good[30] === 'A' ? 'B' : 'A'}${good.slice(31)}`,
    /damaged/,
  ],
  'of a newer version': [good.replace('#v1.', '#v7.'), /made by a newer version of Ripplescope/],
  'of something else': ['#/explore?text=abc', /does not hold a session of Ripplescope/],
  'with values of other types': [linkOf([REVIEW, 7]), /values that a session cannot have/],
  'with a position below zero': [linkOf([[REVIEW], '', '', -1]), /values that a session cannot have/],
}

for (const [name, [fragment, sentence]] of Object.entries(UNREADABLE)) {
  test(`a link ${name} is refused in words, and the page begins as without it`, async ({ page }) => {
    await openApp(page, fragment)
    await expect(problems(page)).toContainText(sentence)
    await expect(problems(page)).toContainText('The page opened without it.')
    await expectDefault(page)
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await expect(problems(page)).toBeEmpty()
    await chooseToken(page, 15)
    await expectMeasured(page, 'tavern → restaurant')
  })
}

test('a link made with another model opens, and the page says that the numbers differ', async ({ page }) => {
  await openLive(page, linkOf([[REVIEW], 'another-bert', 'ab'.repeat(32), 9, 2204]))
  await expectMeasured(page, 'great → good')
  const notice = page.getByRole('status').filter({ hasText: 'made with another model' })
  await expect(notice).toContainText('another-bert (abababab)')
  await expect(notice).toContainText(`${manifest.id} (${manifest.sha256.slice(0, 8)})`)
})

test('a link that points past the text keeps the text', async ({ page }) => {
  await openLive(page, linkOf([[REVIEW], manifest.id, manifest.sha256, 400, 2204]))
  await expect(page.getByRole('status')).toContainText([/pointed at tokens that this text does not have/])
  await expect(tokens(page)).toHaveText(REVIEW)
  await expect(announcement(page)).toBeEmpty()
})

test('markup in a link is text, wherever it is shown', async ({ page }) => {
  const markup = `<img src=x onerror="document.title='run'"></script><script>document.title='run'</script> <b>fine</b>`
  const pins = [[0, 0, [3, 2204]]]
  const link = linkOf([
    [markup],
    `<img src=y onerror="document.title='run'">`,
    'cd'.repeat(32),
    2,
    null,
    1,
    [],
    pins,
  ])
  await openLive(page, link)
  await expect(tokens(page)).toContainText('onerror')
  await expect(announcement(page)).not.toBeEmpty()
  await page
    .getByRole('region', { name: 'Ripple', exact: true })
    .getByRole('button', { name: 'Table' })
    .click()
  await page.getByRole('button', { name: 'Share' }).click()
  expect(await page.locator('img, b, main script, dialog script').count()).toBe(0)
  expect(await page.title()).not.toBe('run')
})

test('a text too long for a link is offered as a file, which opens when it is dropped', async ({
  page,
  tinySite,
  freshContext,
}) => {
  // No repetition that a packer could use, in few tokens: the tokenizer gives up on words this long.
  const parts = Array.from({ length: 2400 }, (_, i) => ((i * 2654435761) % 4294967296).toString(36))
  const words = Array.from({ length: 100 }, (_, i) => parts.slice(24 * i, 24 * i + 24).join(''))
  const text = `The film is good. ${words.join(' ')}`
  await openLive(page, '', tinySite)
  await paste(page, text)
  await chooseToken(page, 4)
  await expect(announcement(page)).toContainText(/^good → \S+: distance/)
  await expect(page).toHaveURL(({ hash }) => hash === '')
  const change = await announcement(page).textContent()

  await page.getByRole('button', { name: 'Share' }).click()
  const dialog = page.getByRole('dialog', { name: 'Share' })
  await expect(dialog).toContainText('too long for a link: more than 8,000 characters')
  await expect(dialog.getByRole('textbox')).toHaveCount(0)
  const file = await download(page, () => dialog.getByRole('button', { name: /^Download session/ }).click())
  expect(file.name).toBe('ripplescope-session.json')
  const content = file.bytes.toString('utf8')
  expect(JSON.parse(content)).toMatchObject({ format: 'ripplescope-session', version: 2, text, position: 4 })

  await page.close()
  const colleague = await (await freshContext()).newPage()
  await openLive(colleague, '', tinySite)
  await expect(provenance(colleague)).toContainText('tiny-bert')
  const before = await announcement(colleague).textContent()
  await drop(colleague, file.name, content)
  await expect(review(colleague)).toContainText('The film is')
  await expect(announcement(colleague)).toHaveText(change ?? '')
  await expectAddress(colleague, 4)
  await colleague.goBack()
  await expect(review(colleague)).toContainText('Seven out of ten')
  await expect(announcement(colleague)).toHaveText(before ?? '')
})

test('a damaged session file is refused in words, and the session kept', async ({ page, tinySite }) => {
  await openLive(page, '', tinySite)
  await paste(page, 'The film is good and the story is never dull.')
  await chooseToken(page, 4)
  await expect(announcement(page)).toContainText(/^good → .+: distance/)
  await expectAddress(page, 4)
  const address = page.url()
  const change = await announcement(page).textContent()

  const session = JSON.stringify({ format: 'ripplescope-session', version: 1, text: 'x' })
  const refused: Record<string, RegExp> = {
    [session.slice(0, -5)]: /not JSON: a part of it is missing/,
    [session]: /values that a session cannot have/,
    [session.replace('1', '9')]: /newer version of Ripplescope/,
    '{"a": 1}': /not a session of this page/,
  }
  for (const [content, sentence] of Object.entries(refused)) {
    await drop(page, 'session.json', content)
    await expect(problems(page)).toContainText('session.json was not opened.')
    await expect(problems(page)).toContainText(sentence)
    await expect(problems(page)).toContainText('Your present session was kept.')
    await page.getByRole('button', { name: 'Dismiss' }).click()
  }
  await expect(announcement(page)).toHaveText(change ?? '')
  await expect(modelLine(page)).toContainText('WASM')
  await expect(provenance(page)).toContainText('WASM')
  expect(page.url()).toBe(address)
})
