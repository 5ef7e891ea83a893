import type { Locator, Page } from '@playwright/test'
import type { ExploreExport } from '../../src/core/exports/exploreExport'
import { downloadText, expect, openApp } from './page'

/** Finds the running model in the top bar: `bert-imdb-l12-h384 · int8 weights, fp32 compute · 33.7 MB · WASM × 2`. */
export const modelLine = (page: Page) => page.getByRole('button', { name: /^Model:/ })

/** Finds the origin of the numbers on screen. */
export const provenance = (page: Page) => page.locator('main > footer')

/** Finds the review in the model's tokens; its text is the review's own. */
export const tokens = (page: Page) => page.getByRole('group', { name: /^Tokens of the review/ })

/** Finds the token at a position of the input ids, [CLS] being 0. */
export const tokenAt = (page: Page, position: number) => tokens(page).locator(`[data-roving="${position}"]`)

export const substitutes = (page: Page) => page.getByRole('table', { name: 'Substitutes, nearest first' })

/** Finds the rows of the table of substitutes, nearest first. */
export const substituteRows = (page: Page) => substitutes(page).locator('tbody tr')

/** Finds the row whose token is in the chosen place. */
export const chosenRow = (page: Page) =>
  substituteRows(page).filter({ has: page.getByRole('radio', { checked: true }) })

export const vocabularyField = (page: Page) =>
  page.getByRole('combobox', { name: 'Any word of the vocabulary' })

export const review = (page: Page) => page.getByRole('region', { name: /^Review/ })

export const curvePanel = (page: Page) => page.getByRole('region', { name: 'Distance by layer', exact: true })

export const ripplePanel = (page: Page) => page.getByRole('region', { name: 'Ripple', exact: true })

export const prediction = (page: Page) => page.getByRole('region', { name: 'Prediction' })

/** Finds the sentence that screen readers hear once the present change is measured. */
export const announcement = (page: Page) => page.locator('main > p[aria-live]')

/** Opens the page and waits until the model itself answers. */
export async function openLive(page: Page, fragment = '', url = './'): Promise<void> {
  await openApp(page, fragment, url)
  await expect(modelLine(page)).toContainText(/WASM × \d|WebGPU|not running/)
  expect(await page.locator('.load-failure').allTextContents(), 'why the model does not run').toEqual([])
}

/** Has the model run on WASM or WebGPU from now on; what was measured before stands as it was. */
export async function chooseDevice(page: Page, device: 'WASM' | 'WebGPU'): Promise<void> {
  await modelLine(page).click()
  const dialog = page.getByRole('dialog', { name: 'Model' })
  await dialog.getByRole('radio', { name: device }).check()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(modelLine(page)).toContainText(device)
}

/** Puts a text in the clipboard, pastes it over the page and waits until it is the review. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate(async (content) => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    await navigator.clipboard.writeText(content)
  }, text)
  await page.keyboard.press('ControlOrMeta+v')
  await expect(review(page)).toContainText(text.slice(0, 60).trim())
}

export async function chooseToken(page: Page, position: number): Promise<void> {
  await tokenAt(page, position).click()
  await expect(tokenAt(page, position)).toHaveAttribute('aria-pressed', 'true')
}

/** Puts a token of the vocabulary, spelled as its entry, in the chosen place. */
export async function typeSubstitute(page: Page, entry: string): Promise<void> {
  await vocabularyField(page).fill(entry)
  await page.getByRole('option', { name: entry, exact: true }).click()
}

/** Waits until what is substituted now is measured: `wonderful → delightful`, several joined by ` + `. */
export async function expectMeasured(page: Page, change: string): Promise<void> {
  await expect(announcement(page)).toContainText(`${change}: distance`)
}

/** Waits until all neighbours of the chosen token have come, which may be after the measurement. */
export async function expectListed(page: Page): Promise<void> {
  // Only of a whole list are the rows' distances known.
  await expect(chosenRow(page)).not.toContainText('·')
}

export async function exportedJson(page: Page): Promise<ExploreExport> {
  return JSON.parse(
    await downloadText(page, () => page.getByRole('button', { name: 'Everything as JSON' }).click()),
  )
}

/** Reads the texts of a table's body, row by row. */
export async function cellsOf(table: Locator): Promise<string[][]> {
  return table
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => Array.from(row.querySelectorAll('th, td'), (cell) => cell.textContent ?? '')),
    )
}

/** Reads D_l from the table behind the layer curve, a column a comparison. */
export async function layerTable(page: Page): Promise<string[][]> {
  const button = curvePanel(page).getByRole('button', { name: 'Table' })
  if ((await button.getAttribute('aria-expanded')) === 'false') await button.click()
  return cellsOf(curvePanel(page).getByRole('table'))
}

/** Returns the number that a cell shows. */
export function numberIn(shown: string): number {
  return Number(shown.replace('label flips: ', '').replace('−', '-').replaceAll(',', ''))
}

/**
 * Expects that a cell shows a number rounded to so many decimals; what is too small for them is shown as `1.2e-5`.
 */
export function expectShown(shown: string, value: number, decimals: number): void {
  const half = shown.includes('e') ? 0.05 * Math.abs(value) : 0.5 * 10 ** -decimals
  expect(Math.abs(numberIn(shown) - value), `${shown} for ${value}`).toBeLessThanOrEqual(half * 1.000001)
}
