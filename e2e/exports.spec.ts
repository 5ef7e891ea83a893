import type { Page } from '@playwright/test'
import { csvParse } from 'd3-dsv'
import {
  cellsOf,
  chooseToken,
  curvePanel,
  expectListed,
  expectMeasured,
  expectShown,
  exportedJson,
  layerTable,
  numberIn,
  openLive,
  paste,
  ripplePanel,
  substitutes,
  typeSubstitute,
} from './support/explore'
import { chooseExport, download, expect, test } from './support/page'

// Quotes, a line break, an accent and a character beyond the first plane: all that a format could stumble over.
const REVIEW = 'A "great" café,\nsaid =SUM(A1) and <b>I</b> \\ agree 🎬!'

/** Measures two pins and an active change, one of them a formula in a spreadsheet's eyes. */
async function openMeasured(page: Page): Promise<void> {
  await openLive(page)
  await paste(page, REVIEW)
  await chooseToken(page, 3)
  await expectMeasured(page, 'great → good')
  await curvePanel(page).getByRole('button', { name: 'Pin', exact: true }).click()
  await typeSubstitute(page, '=')
  await expectMeasured(page, 'great → “=”')
  await expectListed(page)
}

/** Returns how far the title in a picture of a chart begins or ends from its place in the page's own font, CSS px. */
const titleInk = (page: Page, title: string, png: Buffer) =>
  page.evaluate(
    async ({ text, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
      const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')
      if (!context) throw new Error('the browser draws nothing')
      context.drawImage(picture, 0, 0)
      // The title's line: 16 px from the edges, twice as large in the picture.
      const { data } = context.getImageData(0, 30, picture.width, 44)
      const inked: number[] = []
      for (let at = 0; at < data.length; at += 4) {
        if (data[at] < 128) inked.push(((at / 4) % picture.width) / 2)
      }
      context.font = '600 15px "Source Sans 3 Variable"'
      const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right } = context.measureText(text)
      const first = inked.reduce((a, b) => Math.min(a, b))
      const last = inked.reduce((a, b) => Math.max(a, b))
      return Math.max(Math.abs(first - (16 - left)), Math.abs(last - (16 + right)))
    },
    { text: title, base64: png.toString('base64') },
  )

test('the numbers on screen are taken away as files and as a program', { tag: '@quick' }, async ({
  page,
}) => {
  await openMeasured(page)

  await test.step('CSV and JSON hold the numbers on screen', async () => {
    const layers = await download(page, () => page.getByRole('button', { name: 'Layers as CSV' }).click())
    expect(layers.name).toBe('ripplescope-layers.csv')
    const rows = csvParse(layers.bytes.toString('utf8'))
    expect(rows.columns).toEqual(['series', 'layer', 'distance', 'own', 'relative', 'cosine'])
    expect(rows.map(({ series, layer }) => [series, Number(layer)])).toEqual(
      ['great → “=”', 'great → good'].flatMap((series) =>
        Array.from({ length: 13 }, (_, layer) => [series, layer]),
      ),
    )
    const shown = await layerTable(page)
    for (const [i, { distance }] of rows.entries()) {
      const cell = numberIn(shown[i % 13][i < 13 ? 1 : 2])
      expect(Math.abs(cell / Number(distance) - 1)).toBeLessThan(0.00501)
    }

    const save = () => page.getByRole('button', { name: 'Neighbours as CSV' }).click()
    const neighbors = await download(page, save)
    expect(neighbors.name).toBe('ripplescope-neighbors.csv')
    const listed = csvParse(neighbors.bytes.toString('utf8'))
    expect(listed).toHaveLength(51)
    const typed = listed.filter(({ chosen }) => chosen === 'true')
    expect(typed).toHaveLength(1)
    expect(typed[0]).toMatchObject({ token: '=', rank: '' })
    const table = await cellsOf(substitutes(page))
    for (const [i, [, cosine, shift]] of table.slice(0, 8).entries()) {
      expectShown(cosine, Number(listed[i].cosine), 3)
      expectShown(shift, Number(listed[i].shift_l2), 2)
    }

    const option = page.getByRole('checkbox', { name: 'CSV for spreadsheets' })
    await option.check()
    const guarded = csvParse((await download(page, save)).bytes.toString('utf8'))
    expect(guarded.map((row) => row.token)).toEqual(
      listed.map(({ token }) => (/^[=+\-@]/.test(token) ? `'${token}` : token)),
    )
    expect(guarded.map(({ cosine }) => cosine)).toEqual(listed.map(({ cosine }) => cosine))
    await option.uncheck()

    const json = await exportedJson(page)
    expect(json).toMatchObject({
      format: 'ripplescope-explore',
      version: 1,
      model: { id: 'bert-imdb-l12-h384', family: 'bert', layers: 12, width: 384 },
      provenance: { precision: 'int8 weights, fp32 compute', shipped: false },
      text: REVIEW,
      position: 3,
      substitute: { token: '=' },
      held: [],
    })
    expect(json.model.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(json.tokens[3].token).toBe('great')
    expect(json.layers.map(({ distance }) => distance)).toEqual(
      rows.slice(0, 13).map(({ distance }) => Number(distance)),
    )
    expect(json.pins).toHaveLength(1)
    expect(json.pins[0].layers.map(({ distance }) => distance)).toEqual(
      rows.slice(13).map(({ distance }) => Number(distance)),
    )
    expect(json.prediction?.labels).toEqual(['NEGATIVE', 'POSITIVE'])
  })

  await test.step('charts are saved as SVG without scripts and as PNG', async () => {
    const charts = [
      { panel: curvePanel(page), title: 'Distance by layer', name: 'ripplescope-layers' },
      { panel: ripplePanel(page), title: 'Ripple: layers by positions', name: 'ripplescope-ripple' },
    ]
    for (const { panel, title, name } of charts) {
      const svg = await download(page, () => chooseExport(panel, title, 'SVG'))
      expect(svg.name).toBe(`${name}.svg`)
      const parsed = await page.evaluate((text) => {
        const file = new DOMParser().parseFromString(text, 'image/svg+xml')
        const elements = Array.from(file.querySelectorAll('*'))
        return {
          root: file.documentElement.localName,
          errors: file.querySelectorAll('parsererror').length,
          title: file.querySelector('title')?.textContent,
          description: file.querySelector('desc')?.textContent,
          active: elements.filter((element) =>
            /^(script|foreignobject|style|image|a)$/i.test(element.localName),
          ).length,
          handlers: elements
            .flatMap((element) => Array.from(element.attributes))
            .filter(
              (attribute) => /^on|href$/i.test(attribute.name) || /javascript:|var\(/i.test(attribute.value),
            )
            .map((attribute) => attribute.name),
          paths: file.querySelectorAll('path').length,
          text: file.documentElement.textContent,
          width: Number(file.documentElement.getAttribute('width')),
          height: Number(file.documentElement.getAttribute('height')),
        }
      }, svg.bytes.toString('utf8'))
      expect(parsed).toMatchObject({ root: 'svg', errors: 0, title, active: 0, handlers: [] })
      expect(parsed.description).toMatch(/l2 .* bert-imdb-l12-h384 .* WASM/)
      expect(parsed.paths).toBeGreaterThan(1)
      expect(parsed.text).toContain('great')

      const png = await download(page, () => chooseExport(panel, title, 'PNG'))
      expect(png.name).toBe(`${name}.png`)
      expect(png.bytes.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
      expect(png.bytes.readUInt32BE(16)).toBe(2 * parsed.width)
      expect(png.bytes.readUInt32BE(20)).toBe(2 * parsed.height)
      // Not blank: a picture of one colour packs to far less.
      expect(png.bytes.length).toBeGreaterThan(10_000)
      expect(await titleInk(page, title, png.bytes), 'the page’s own font in the picture').toBeLessThan(3)
    }
  })

  await test.step('the Python snippet names the text, the model and the change', async () => {
    await page.getByRole('button', { name: 'Copy as Python' }).click()
    await expect(page.getByRole('region', { name: 'Export' }).getByRole('status')).toHaveText('Copied.')
    const snippet = await page.evaluate(() => navigator.clipboard.readText())
    const json = await exportedJson(page)
    expect(snippet).toContain(
      'TEXT = "A \\"great\\" caf\\u00e9,\\nsaid =SUM(A1) and <b>I</b> \\\\ agree \\U0001f3ac!"',
    )
    expect(snippet).toContain(`SHA256 = "${json.model.sha256}"`)
    expect(snippet).toContain(`SUBSTITUTIONS = {3: ${json.substitute?.id}}`)
    const ids = /^INPUT_IDS = (\[[^\]]*\])/m.exec(snippet)?.[1].replace(/,\s*\]/, ']')
    expect(JSON.parse(ids ?? 'null')).toEqual(json.tokens.map(({ id }) => id))

    await typeSubstitute(page, 'terrible')
    await expectMeasured(page, 'great → terrible')
    await expect(page.getByRole('region', { name: 'Export' }).getByRole('status')).toBeEmpty()
  })
})

test('with nothing measured the page says what to do first', async ({ page }) => {
  await openLive(page)
  await paste(page, REVIEW)
  await page.getByRole('button', { name: 'Everything as JSON' }).click()
  await expect(page.locator('.notice')).toHaveText(
    /Nothing is measured yet: choose a token of the review first\./,
  )
})
