import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import type { ComparisonExport } from '../src/core/comparison/comparisonExport'
import type { ComparedNumber } from '../src/core/comparison/comparisonTable'
import type { FamilyFixture } from '../src/engine/familyFixture'
import { violations } from './support/axe'
import {
  cellsOf,
  chooseToken,
  chosenRow,
  curvePanel,
  expectShown,
  layerTable,
  modelLine,
  numberIn,
  openLive,
  review,
  substituteRows,
  tokenAt,
  tokens,
} from './support/explore'
import { linkOf } from './support/link'
import { chooseExport, downloadText, expect, openApp } from './support/page'
import { test } from './support/tinySite'

const folderOf = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const fixtureOf = (name: string) =>
  JSON.parse(readFileSync(`${folderOf(name)}/reference.json`, 'utf8')) as FamilyFixture

const DISTILBERT = fixtureOf('tiny-distilbert')
const GPT2 = fixtureOf('tiny-gpt2')
const MASKED_BERT = fixtureOf('tiny-masked-bert')
/** Returns the case of `Dull, but never boring.`, whose references are the fullest. */
const shortOf = ({ cases }: FamilyFixture) => cases[0]

const panel = (page: Page) => page.getByRole('region', { name: 'Side by side', exact: true })
const differences = (page: Page) => page.getByRole('region', { name: 'Differences', exact: true })
const rows = async (page: Page) =>
  new Map(
    (await cellsOf(differences(page).getByRole('table', { name: /^Both sides of/ }))).map(
      ([name, ...cells]) => [name, cells],
    ),
  )

/** Lists the workers that hold a model. One that was ended is still reported for a moment. */
const workers = (page: Page) =>
  page.workers().filter((worker) => worker.url().includes('/explorer.worker')).length

/** Picks a folder in the dialog's own field; that of the Models view, where it was shown, is hidden. */
const pickFolder = (page: Page, name: string) =>
  page.getByRole('dialog', { name: 'Compare with' }).getByLabel('Model folder').setInputFiles(folderOf(name))

async function exported(page: Page): Promise<ComparisonExport> {
  return JSON.parse(await downloadText(page, () => chooseExport(differences(page), 'Differences', 'JSON')))
}

function expectClose(number: number | null, expected: number, what: string): void {
  expect(
    Math.abs((number ?? Number.NaN) / expected - 1),
    `${what}: ${number} against ${expected}`,
  ).toBeLessThan(1e-4)
}

function expectNumbers(
  found: readonly ComparedNumber[],
  expected: Readonly<Record<'first' | 'second', readonly number[]>>,
): void {
  for (const side of ['first', 'second'] as const) {
    expect(found).toHaveLength(expected[side].length)
    for (const [i, number] of found.entries())
      expectClose(number[side], expected[side][i], `${side} side, ${i}`)
  }
}

test('two models from a link, each offered, agree with transformers on both sides; then two texts; then one', async ({
  page,
  tinySite,
}) => {
  const first = shortOf(DISTILBERT)
  const second = shortOf(GPT2)
  const { position, tokenId, distances } = first.substitution
  const link = linkOf([
    [first.text],
    './tiny-distilbert',
    DISTILBERT.model.sha256,
    position,
    tokenId,
    1,
    [],
    [],
    0,
    0,
    null,
    ['./tiny-gpt2', GPT2.model.sha256, null, 0],
  ])

  await test.step('both models are offered, the first as always', async () => {
    await openLive(page, link, tinySite)
    await expect(tokens(page)).toHaveText(first.text)
    await page.getByRole('button', { name: 'Go to Models' }).click()
    await page.locator('main#models').getByLabel('Model folder').setInputFiles(folderOf('tiny-distilbert'))
    await expect(modelLine(page)).toContainText('./tiny-distilbert')
    await expect(panel(page)).toContainText(`./tiny-gpt2 (sha256 ${GPT2.model.sha256.slice(0, 8)})`)
    await expect(curvePanel(page)).toBeVisible()
    await expect.poll(() => workers(page)).toBe(1)
    await panel(page).getByRole('button', { name: 'Choose that folder' }).click()
    await pickFolder(page, 'tiny-gpt2')
  })

  await test.step('WordPiece beside byte-level BPE, and its own nearest where the token is missing', async () => {
    await expect(differences(page).getByRole('table')).toBeVisible()
    expect(workers(page)).toBe(2)
    await expect(panel(page)).toContainText(
      ' reads “n” as “n”. ./tiny-gpt2 has no single token “🎬” to put there: its own nearest neighbour',
    )
    await expect(panel(page)).toContainText(`sha256 ${DISTILBERT.model.sha256.slice(0, 12)}`)
    await expect(panel(page)).toContainText(`sha256 ${GPT2.model.sha256.slice(0, 12)}`)
    const at = second.tokens.indexOf('Ġn')
    const [l1, l2, linf] = second.neighbors?.shifts[at] ?? []
    const cosine = second.neighbors?.cosines[at][0] ?? Number.NaN
    const { table, opposite, second: side } = await exported(page)
    expect(opposite).toEqual([{ first: position, second: [at], how: 'nearest' }])
    expect(side.substitute?.id).toBe(second.neighbors?.ids[at][0])
    expect(side.provenance.sha256).toBe(GPT2.model.sha256)
    expectClose(table.cosine.second, cosine, 'cosine')
    for (const [norm, expected] of Object.entries({ l1, l2, linf })) {
      expectClose(table.shift[norm as 'l1'].second, expected, `shift ${norm}`)
    }
    expectClose(table.layers[0].distance.second, l2, 'D_0')
    for (const { layers, distance } of table.layers) {
      expectClose(distance.first, distances[layers.first], `D_${layers.first}`)
    }
    const shown = await rows(page)
    expectShown(shown.get('shift l2')?.[1] ?? '', l2, 2)
    await expect(curvePanel(page).getByRole('radio', { name: 'relative' })).toBeChecked()
  })

  await test.step('a model of another depth in its place, with the same tokens: both sides by layer', async () => {
    await panel(page).getByRole('button', { name: 'Compare with something else…' }).click()
    await pickFolder(page, 'tiny-masked-bert')
    await expect(panel(page)).toContainText('./tiny-masked-bert: bert')
    await expect(panel(page)).toContainText('Both sides take “🎬”.')
    await expect(differences(page)).toContainText('layers 3 and 2')
    await expect.poll(() => workers(page)).toBe(2)
    const { substitution } = shortOf(MASKED_BERT)
    expect(substitution).toMatchObject({ position, tokenId })
    const { table } = await exported(page)
    expectNumbers(
      table.layers.map(({ distance }) => distance),
      { first: distances, second: [0, 1, 1, 2].map((layer) => substitution.distances[layer]) },
    )
    await expect(curvePanel(page)).toContainText('over relative depth l / L')
    await curvePanel(page).getByText('absolute').click()
    const drawn = await layerTable(page)
    expect(drawn).toHaveLength(4)
    for (const [layer, [, ours, theirs]] of drawn.entries()) {
      expectShown(ours, distances[layer], 1)
      if (layer < 3) expectShown(theirs, substitution.distances[layer], 1)
    }
  })

  await test.step('every panel draws the second side too, with the numbers of transformers', async () => {
    const { substitution, neighbors } = shortOf(MASKED_BERT)
    const name = './tiny-masked-bert'
    const ripple = page.getByRole('region', { name: 'Ripple of the second side', exact: true })
    await expect(ripple.getByRole('slider')).toBeVisible()
    await ripple.getByRole('button', { name: 'Table' }).click()
    const felt = await cellsOf(ripple.getByRole('table'))
    expect(felt).toHaveLength(substitution.byPosition[0].length)
    for (const [layer, row] of substitution.byPosition.entries()) {
      for (const [at, distance] of row.entries()) {
        const shown = felt[at][layer + 1]
        expect(Math.abs(numberIn(shown) - distance), shown).toBeLessThanOrEqual(0.006 * distance)
      }
    }
    await ripple.getByRole('button', { name: 'Table' }).click()
    const own = page.getByRole('region', { name: 'Ripple', exact: true })
    await expect(own.getByRole('slider')).toBeVisible()

    const reading = page.getByRole('region', { name: 'Closest word at each layer' })
    await reading.getByRole('radio', { name }).check()
    const readings = reading.getByRole('table')
    await expect(readings.locator('tbody tr')).toHaveCount(substitution.closest.ids.length)
    for (const [layer, [, , , cosine]] of (await cellsOf(readings)).entries()) {
      expectShown(cosine, substitution.closest.cosines[layer][0], 2)
    }
    await reading.getByText('The last layer, read as a sequence').click()
    await expect(reading.locator('.last-layer span')).toHaveCount(substitution.byPosition[0].length)

    const panelOfSubstitutes = page.locator('#substitutes')
    await panelOfSubstitutes.getByRole('radio', { name }).check()
    const [nearest] = neighbors?.cosines[position] ?? []
    await expect(substituteRows(page).first().locator('td').nth(1)).toHaveText(nearest.toFixed(3))
    const distance = chosenRow(page).locator('td').nth(3)
    await expect(distance).not.toHaveText('·')
    expectShown((await distance.textContent()) ?? '', substitution.distances.at(-1) ?? Number.NaN, 2)

    await review(page).getByRole('radio', { name }).check()
    await expect(review(page).getByText(/embedding shift/)).toBeVisible()
    await expect(tokenAt(page, position)).toHaveAttribute('aria-pressed', 'true')
    // Each panel that draws one side at a time, by the name of its switch; the curve and the ripples draw both.
    const switches = page.getByRole('group', { name: /: which side$/ })
    expect(await switches.locator('legend').allTextContents()).toEqual(
      ['Review', 'Prediction', 'Substitutes', 'Closest tokens'].map((what) => `${what}: which side`),
    )
    for (const group of await switches.all()) {
      await expect(group.getByRole('radio')).toHaveCount(2)
    }
    await page.getByRole('group', { name: 'Prediction: which side' }).getByRole('radio', { name }).check()
    const weights = substitution.logits.map((logit) => Math.exp(logit))
    const largest = Math.max(...weights) / weights.reduce((sum, weight) => sum + weight, 0)
    await expect(page.getByRole('region', { name: 'Prediction' })).toContainText(`→ ${largest.toFixed(3)}`)
    for (const group of await switches.all()) {
      await group.getByRole('radio', { name: './tiny-distilbert' }).check()
    }
    await expect(reading.locator('tbody tr')).toHaveCount(shortOf(DISTILBERT).substitution.closest.ids.length)
  })

  await test.step('nothing for axe to object to', async () => {
    await differences(page).locator('summary').click()
    expect(await violations(page)).toEqual([])
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await violations(page)).toEqual([])
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1280, height: 900 })
  })

  await test.step('one button closes it and ends the second worker; undo brings both back', async () => {
    await panel(page).getByRole('button', { name: 'Close the comparison' }).click()
    await expect(panel(page)).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Compare with…' })).toBeFocused()
    await expect.poll(() => workers(page)).toBe(1)
    await page.keyboard.press('ControlOrMeta+z')
    await expect(panel(page)).toContainText('Both sides take “🎬”.')
    expect(workers(page)).toBe(2)
    await page.keyboard.press('ControlOrMeta+Shift+z')
    await expect.poll(() => workers(page)).toBe(1)
  })

  await test.step('two texts on the first model: alike at first, then as typed', async () => {
    await page.getByRole('button', { name: 'Compare with…' }).click()
    await page.getByRole('button', { name: 'Compare with another text' }).click()
    const field = page.getByRole('textbox', { name: 'Second text' })
    await expect(field).toBeFocused()
    await expect(differences(page).getByRole('table').first()).toBeVisible()
    const alike = await exported(page)
    expectNumbers(
      alike.table.layers.map(({ distance }) => distance),
      { first: distances, second: distances },
    )
    await field.fill('Boring at first, but never dull.')
    await expect(differences(page)).toContainText('second text')
    await expect(panel(page)).toContainText(' reads “n” as “n”. Both sides take “🎬”.')
    await expect.poll(async () => (await rows(page)).get('D at layer 3')?.[3]).not.toBe('1.00')
    await field.press('Escape')
    const { second: typed } = await exported(page)
    // The same numbers as that text has on its own.
    await openApp(
      page,
      linkOf([[typed.text], './tiny-distilbert', DISTILBERT.model.sha256, typed.position, tokenId]),
      tinySite,
    )
    await expect(tokens(page)).toContainText('Boring at first')
    await expect.poll(async () => (await layerTable(page)).length).toBe(4)
    for (const [layer, [, shown]] of (await layerTable(page)).entries()) {
      expectShown(shown, typed.layers[layer].distance, 1)
    }
    await page.goBack()
    await expect(panel(page)).toContainText('Both sides take “🎬”.')
    await chooseToken(page, 4)
    await expect(panel(page)).toContainText(' reads “,” as “,”.')
  })

  await test.step('the built-in one comes back by itself after a reload, once the first is chosen again', async () => {
    await panel(page).getByRole('button', { name: 'Compare with something else…' }).click()
    await page.getByRole('button', { name: 'Compare with the built-in model' }).click()
    await expect(panel(page)).toContainText('tiny-bert: bert')
    await page.reload()
    await page.getByRole('button', { name: 'Go to Models' }).click()
    await page.locator('main#models').getByLabel('Model folder').setInputFiles(folderOf('tiny-distilbert'))
    await expect(modelLine(page)).toContainText('./tiny-distilbert')
    await page.getByRole('button', { name: 'Explore', exact: true }).click()
    await expect(panel(page)).toContainText('tiny-bert: bert')
    await expect(differences(page).getByRole('table').first()).toBeVisible()
  })
})
