import { EXAMPLES } from '../src/state/learn/examples'
import {
  announcement,
  cellsOf,
  chooseToken,
  curvePanel,
  expectMeasured,
  layerTable,
  modelLine,
  numberIn,
  paste,
  prediction,
  provenance,
  review,
  ripplePanel,
  substituteRows,
  substitutes,
  tokenAt,
  tokens,
  vocabularyField,
} from './support/explore'
import { type Gate, openGate } from './support/gate'
import { expect, openApp, test as plain } from './support/page'

const MEGABYTE = 1e6

/** Holds the weights at a gate, so that the page can be met before a byte of them arrived. */
const test = plain.extend<{ gate: Gate }>({
  gate: async ({ site, origins }, use) => {
    const gate = await openGate(site, /\.safetensors$/)
    origins.add(gate.origin)
    await use(gate)
    await gate.close()
  },
})

const [first, second] = EXAMPLES

test('shows an example with its results while the model has not begun to arrive, then goes live', {
  tag: '@quick',
}, async ({ page, gate }) => {
  await openApp(page, '', gate.url)
  await expectMeasured(page, 'seven → 7')
  await expect(provenance(page)).toHaveText(/^Shipped with the page: bert-imdb-l12-h384 · int8 weights/)
  await expect(modelLine(page)).toContainText('Fetching')
  await expect(tokens(page).getByRole('button')).toHaveCount(22)
  await expect(tokens(page)).toContainText('7')
  await expect(tokens(page).locator('[data-least]')).toHaveCount(5)
  await expect(review(page)).toContainText('24 / 512 tokens')
  await expect(substituteRows(page)).toHaveCount(8)
  await expect(substitutes(page)).not.toContainText('·')
  await expect(curvePanel(page).getByRole('slider')).toBeVisible()
  await expect(ripplePanel(page).getByRole('slider')).toBeVisible()
  await expect(prediction(page)).toContainText('POSITIVE')
  await expect(vocabularyField(page)).toBeDisabled()
  const shipped = { rows: await cellsOf(substitutes(page)), layers: await layerTable(page) }
  expect(shipped.layers).toHaveLength(13)

  await chooseToken(page, 15)
  await expectMeasured(page, 'tavern → restaurant')
  await expect(substituteRows(page).first()).toContainText('restaurant')
  await expect(provenance(page)).toHaveText(/^Shipped with the page/)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expectMeasured(page, 'seven → 7')

  gate.open()
  await expect(modelLine(page)).toHaveText(
    /^Model: bert-imdb-l12-h384 · int8 weights, fp32 compute · 33\.7 MB · WASM × \d+$/,
  )
  const threads = await page.evaluate(() => Math.min(navigator.hardwareConcurrency, 8))
  await expect(modelLine(page)).toContainText(`WASM × ${threads}`)
  await expect(provenance(page)).toHaveText(
    `bert-imdb-l12-h384 · int8 weights, fp32 compute · WASM × ${threads}`,
  )
  await expectMeasured(page, 'seven → 7')
  await expect(substitutes(page)).not.toContainText('·')
  await expect(vocabularyField(page)).toBeEnabled()
  const live = { rows: await cellsOf(substitutes(page)), layers: await layerTable(page) }
  expect(live.rows.map(([token]) => token)).toEqual(shipped.rows.map(([token]) => token))
  // Shipped distances are rounded to 16 bits: the last digit shown may differ by one.
  for (const [layer, [name, distance]] of live.layers.entries()) {
    expect(name).toBe(shipped.layers[layer][0])
    expect(Math.abs(numberIn(distance) / numberIn(shipped.layers[layer][1]) - 1)).toBeLessThan(0.011)
  }
})

test('the other examples come with their results too', async ({ page, gate }) => {
  await openApp(page, '', gate.url)
  for (const { title, text, position } of EXAMPLES.slice(1)) {
    await page.getByRole('button', { name: 'Examples' }).click()
    await page.getByRole('button', { name: title }).click()
    await expect(review(page)).toContainText(text.slice(0, 30))
    await expect(tokenAt(page, position)).toHaveAttribute('aria-pressed', 'true')
    await expect(substitutes(page)).not.toContainText('·')
    await expect(provenance(page)).toHaveText(/^Shipped with the page/)
    expect(await layerTable(page)).toHaveLength(13)
  }
  await expect(modelLine(page)).toContainText('Fetching')
})

test('a text of its own waits for the model behind a bar in MB; the load stops and starts when asked', async ({
  page,
  gate,
}) => {
  await openApp(page, '', gate.url)
  await paste(page, 'Nothing in it was funny.')
  await expect(curvePanel(page)).toContainText('The model reads this text as soon as it is open.')
  await expect(announcement(page)).toBeEmpty()

  const bar = page.getByRole('progressbar', { name: 'Model load' })
  await expect(bar).toHaveAttribute('aria-valuetext', '0.0 of 33.7 MB')
  gate.letThrough(10 * MEGABYTE)
  await expect(bar).toHaveAttribute('aria-valuetext', '10.0 of 33.7 MB')
  await expect(page.getByRole('banner')).toContainText('10.0 of 33.7 MB')
  await expect(bar).toHaveAttribute('aria-valuenow', '30')
  gate.letThrough(20 * MEGABYTE)
  await expect(bar).toHaveAttribute('aria-valuetext', '20.0 of 33.7 MB')

  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Loading was stopped' })).toBeVisible()
  await expect(bar).toBeHidden()
  await expect(modelLine(page)).toContainText('The model is not running')
  await page.getByRole('button', { name: 'Examples' }).click()
  await page.getByRole('button', { name: second.title }).click()
  await expect(provenance(page)).toHaveText(/^Shipped with the page/)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(review(page)).toContainText('Nothing in it was funny.')

  gate.letThrough(5 * MEGABYTE)
  await page.getByRole('button', { name: 'Load the model' }).click()
  await expect(bar).toHaveAttribute('aria-valuetext', '5.0 of 33.7 MB')
  gate.open()
  await expect(modelLine(page)).toContainText('WASM')
  await chooseToken(page, 5)
  await expect(announcement(page)).toContainText(/^funny → \w+: distance [\d.]+ at layer 12, NEGATIVE/)
  await expect(provenance(page)).toHaveText(/^bert-imdb-l12-h384 .* WASM/)
})

test('what was fetched once is there on the next visit, without the network', async ({ page, gate }) => {
  gate.open()
  await openApp(page, '', gate.url)
  await expect(modelLine(page)).toContainText('WASM')
  gate.letThrough(0)
  await page.reload()
  await expect(modelLine(page)).toContainText('WASM')
  await expect(tokens(page)).toContainText(first.text.slice(0, 40))
})
