import type { Page } from '@playwright/test'
import { csvParse } from 'd3-dsv'
import { expectAccessible, overflow } from './support/axe'
import {
  cellsOf,
  exportedJson,
  numberIn,
  openLive,
  paste,
  prediction,
  review,
  tokenAt,
} from './support/explore'
import { sharedFragment } from './support/link'
import { downloadText, expect } from './support/page'
import { test } from './support/tinySite'

const REVIEW = 'A warm, clever little comedy with a great cast and not one wasted scene.'

/** The built-in model is sure of it: no nearest neighbour flips its label. */
const DECIDED =
  'I went in expecting very little, and the first hour is slow, but the last act is wonderful. The lead actor is ' +
  'charming, the music never gets in the way, and I was not ashamed to cry at the end.'

const tokenTable = (page: Page) => page.getByRole('table', { name: 'All tokens of the review' })
const flipSearch = (page: Page) => page.getByRole('region', { name: 'Fewest substitutions that flip' })

/** Opens the table of all tokens and waits until all are measured. */
async function openTokens(page: Page): Promise<void> {
  await review(page).getByText('All tokens', { exact: true }).click()
  await expect(tokenTable(page)).toBeVisible()
  await expect(tokenTable(page).locator('tbody')).not.toContainText('·')
}

test('the whole review at once: its tint in the link, its table by keyboard, its files', async ({
  page,
  tinySite,
  freshContext,
}) => {
  await openLive(page, '', tinySite)
  await paste(page, REVIEW)

  await test.step('the tint is chosen, fills in, and goes with the link', async () => {
    await page.getByRole('radio', { name: 'embedding shift, l2' }).focus()
    await page.keyboard.press('ArrowRight')
    await expect(page.getByRole('radio', { name: 'D at layer 3' })).toBeChecked()
    await expect(review(page)).toContainText(/all \d+ measured/)
    await expect(tokenAt(page, 3)).toHaveAccessibleName(/D at layer 3 [\d.]+/)
    const colleague = await (await freshContext()).newPage()
    await openLive(colleague, await sharedFragment(page), tinySite)
    await expect(colleague.getByRole('radio', { name: 'D at layer 3' })).toBeChecked()
    await expect(review(colleague)).toContainText(/all \d+ measured/)
    await expect(tokenAt(colleague, 3)).toHaveAccessibleName(
      (await tokenAt(page, 3).getAttribute('aria-label')) ?? '',
    )
    await colleague.close()
  })

  await test.step('the strongest tint is that of the token that moves farthest', async () => {
    const strengths = await page
      .locator('.review-text .token')
      .evaluateAll((all) =>
        all.map((token) => Number((token as HTMLElement).style.getPropertyValue('--tint'))),
      )
    await openTokens(page)
    await tokenTable(page).getByRole('button', { name: 'D at layer 3' }).focus()
    await page.keyboard.press('Enter')
    await expect(tokenTable(page).getByRole('columnheader', { name: 'D at layer 3' })).toHaveAttribute(
      'aria-sort',
      'descending',
    )
    const [farthest] = await cellsOf(tokenTable(page))
    expect(Math.max(...strengths)).toBe(1)
    await expect(tokenAt(page, Number(farthest[7]))).toHaveCSS('--tint', '1')
  })

  await test.step('rows are sorted by keyboard, and choose a token', async () => {
    const all = review(page).getByRole('button', { name: /^\d+ more$/ })
    const distances = async () => (await cellsOf(tokenTable(page))).map((cells) => numberIn(cells[4]))
    const tokens = await page.locator('.review-text .token').count()
    await expect(async () => {
      if (await all.isVisible()) await all.click()
      expect(await distances()).toHaveLength(tokens)
    }).toPass()
    const descending = await distances()
    expect(descending).toEqual([...descending].sort((a, b) => b - a))
    const heading = tokenTable(page).getByRole('button', { name: 'D at layer 3' })
    await heading.press(' ')
    expect(await distances()).toEqual([...descending].sort((a, b) => a - b))
    const [nearest] = await cellsOf(tokenTable(page))
    await tokenTable(page).getByRole('radio').first().press(' ')
    await expect(tokenAt(page, Number(nearest[7]))).toHaveAttribute('aria-pressed', 'true')
  })

  await test.step('the files hold what the table shows', async () => {
    const rows = csvParse(
      await downloadText(page, () => page.getByRole('button', { name: 'Tokens as CSV' }).click()),
    )
    const shown = new Map((await cellsOf(tokenTable(page))).map((cells) => [cells[7], cells]))
    expect(rows).toHaveLength(shown.size)
    for (const row of rows) {
      const cells = shown.get(row.position) ?? []
      expect(cells.slice(0, 2)).toEqual([row.token, row.nearest])
      expect(Math.abs(numberIn(cells[4]) - Number(row.last_layer_distance))).toBeLessThanOrEqual(0.005001)
      expect(row.flips).toBe(String(cells[6] === 'flips'))
    }
    const json = JSON.parse(
      await downloadText(page, () => page.getByRole('button', { name: 'Tokens as JSON' }).click()),
    )
    expect(json).toMatchObject({ format: 'ripplescope-review', text: REVIEW, answer: 'label' })
    expect(json.tokens.map(({ position }: { position: number }) => String(position))).toEqual(
      rows.map(({ position }) => position),
    )
  })

  await test.step('occlusion is measured on demand, and says how far the rankings agree', async () => {
    await page.getByRole('button', { name: 'Compare with occlusion' }).click()
    const row = review(page).getByText(/Rankings by D at layer 3 agree/)
    await expect(row).toContainText(/nearest – \[MASK\] ρ .*nearest – deletion ρ .*\[MASK\] – deletion ρ/)
    await expect(row).toContainText(/of the first 5/)
  })

  await test.step('the order of the table outlasts a reload', async () => {
    await page.reload()
    await openTokens(page)
    await expect(tokenTable(page).getByRole('columnheader', { name: 'D at layer 3' })).toHaveAttribute(
      'aria-sort',
      'ascending',
    )
  })

  await test.step('all of it is within reach of assistive technology, and of 320 px', async () => {
    await expectAccessible(page, '.review')
    await page.setViewportSize({ width: 320, height: 640 })
    // Charts take the new width in the next frames.
    await expect.poll(() => overflow(page)).toBe(0)
  })
})

test('the search for a flip states its cost, and holds what it finds, or says that there is none', async ({
  page,
  tinySite,
}) => {
  await openLive(page, '', tinySite)
  await paste(page, REVIEW)
  await openTokens(page)
  const search = flipSearch(page)
  await expect(search).toContainText('Another label comes first.')
  await expect(search).toContainText(/at most [\d,]+ forwards, \d+ (s|min) here/)

  await test.step('what is found becomes the held changes, and flips the label', async () => {
    await search.getByRole('button', { name: 'Search' }).click()
    await expect(search).toContainText(/change(s)? flips? it: /)
    const { held } = await exportedJson(page)
    expect(held.length).toBeGreaterThan(0)
    await expect(page.getByRole('region', { name: 'Held' }).getByRole('button')).toHaveCount(held.length)
    await expect(prediction(page)).toContainText('label flips')
    await page.keyboard.press('ControlOrMeta+z')
    await expect(page.getByRole('region', { name: 'Held' })).toHaveCount(0)
    await search.getByRole('button', { name: 'Hold these changes' }).click()
    await expect(prediction(page)).toContainText('label flips')
  })

  await test.step('none is an answer, and says that all was tried', async () => {
    await paste(page, 'It was good.')
    await expect(tokenTable(page).locator('tbody tr')).toHaveCount(4)
    await search.getByLabel('at most').selectOption('1')
    await search.getByLabel('by the nearest').selectOption('1')
    await expect(search).toContainText(/at most 4 forwards/)
    await search.getByRole('button', { name: 'Search' }).click()
    await expect(search).toContainText('None within one substitution by the nearest neighbour')
    await expect(search).toContainText('all were tried')
  })
})

test('a search for a flip stops at once, keeps what it measured, and goes on from there', async ({
  page,
}) => {
  await openLive(page)
  await paste(page, DECIDED)
  await openTokens(page)
  const search = flipSearch(page)
  await search.getByLabel('at most').selectOption('8')
  await search.getByLabel('by the nearest').selectOption('10')
  await search.getByRole('button', { name: 'Search' }).click()
  const step = search.getByText(/^one change: /)
  const done = async () => Number(/one change: (\d+) of/.exec((await step.textContent()) ?? '')?.[1])
  await expect.poll(done).toBeGreaterThan(4)
  const before = await done()
  await search.getByRole('button', { name: 'Stop' }).click()
  await expect(search).toContainText('Stopped: none yet.')
  await expect(search).toContainText(/Closest: .* → .* \(a lead of [\d.]+ is left\)/)
  await search.getByRole('button', { name: 'Go on' }).click()
  await expect(step).toBeVisible()
  expect(await done()).toBeGreaterThanOrEqual(before)
  await search.getByRole('button', { name: 'Stop' }).click()
  await expect(search.getByRole('progressbar')).toHaveCount(0)
})
