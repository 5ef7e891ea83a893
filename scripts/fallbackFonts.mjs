/**
 * node scripts/fallbackFonts.mjs
 *
 * Writes src/app/styles/fallbackFonts.css: faces of fonts that machines have, stretched to the metrics of the page's own, so
 * that nothing moves when these arrive.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { CHROMIUM_FLAGS, findBrowser } from './browser.mjs'

/** English prose with capitals, figures and punctuation in about the shares that the page has. */
const SAMPLE =
  'Every layer adds what it has read of the others, so a change of one word travels: the film is wonderful, delightful or ' +
  'terrible, and the distance 0.4172 at layer 12 says how far. Choose a token, compare it with its nearest neighbours, ' +
  'keep a curve beside the next one; save each table as CSV or JSON and each chart as SVG or PNG. 48 of 512 tokens. ' +
  'Browsers fetch 33.7 MB once, just after the quick fix of a lazy page; no text leaves your machine.'

/** Faces of a fallback: its weight, that of the page's own font which it replaces, and the weights asked for. */
const STYLES = /** @type {const} */ ([
  { style: 'Regular', weight: 400, ownWeight: 400, range: '200 500' },
  { style: 'Bold', weight: 700, ownWeight: 600, range: '501 900' },
])

const path = (/** @type {string} */ specifier) => fileURLToPath(import.meta.resolve(specifier))
const liberation = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`../e2e/fonts/liberation/${name}.ttf`, import.meta.url))
const dejavu = (/** @type {string} */ name) => path(`dejavu-fonts-ttf/ttf/${name}.ttf`)
const variable = (/** @type {string} */ name) =>
  path(`@fontsource-variable/${name}/files/${name}-latin-wght-normal.woff2`)

/**
 * Own fonts, each with the fonts that may replace it until it arrives: names as `local()` has them (those of one entry
 * have the same widths), and a file with these widths.
 */
const FAMILIES = [
  {
    own: variable('source-sans-3'),
    fallbacks: [
      {
        family: 'Source Sans Arial',
        names: ['Arial', 'Liberation Sans', 'Arimo', 'Helvetica'],
        files: { Regular: liberation('LiberationSans-Regular'), Bold: liberation('LiberationSans-Bold') },
      },
      {
        family: 'Source Sans Roboto',
        names: ['Roboto'],
        files: { Regular: variable('roboto'), Bold: variable('roboto') },
      },
      {
        family: 'Source Sans DejaVu',
        names: ['DejaVu Sans'],
        files: { Regular: dejavu('DejaVuSans'), Bold: dejavu('DejaVuSans-Bold') },
      },
    ],
  },
  {
    own: variable('source-serif-4'),
    fallbacks: [
      {
        family: 'Source Serif Times',
        names: ['Times New Roman', 'Liberation Serif', 'Tinos'],
        files: { Regular: liberation('LiberationSerif-Regular'), Bold: liberation('LiberationSerif-Bold') },
      },
      {
        family: 'Source Serif DejaVu',
        names: ['DejaVu Serif'],
        files: { Regular: dejavu('DejaVuSerif'), Bold: dejavu('DejaVuSerif-Bold') },
      },
    ],
  },
]

/** @typedef {{ width: number, ascent: number, descent: number }} Metrics of the sample, in em */

/**
 * Measures the sample in a font file. Runs in a page, whose engine reads every format and weight.
 *
 * @param {{ base64: string, weight: number, sample: string }} font
 * @returns {Promise<Metrics>}
 */
async function measure({ base64, weight, sample }) {
  const size = 1000
  const face = new FontFace('measured', `url(data:font/woff2;base64,${base64})`, { weight: `${weight}` })
  document.fonts.add(await face.load())
  const context = document.createElement('canvas').getContext('2d')
  if (!context) throw new Error('the browser draws no text')
  context.font = `${weight} ${size}px measured`
  const { width, fontBoundingBoxAscent, fontBoundingBoxDescent } = context.measureText(sample)
  document.fonts.delete(face)
  return { width: width / size, ascent: fontBoundingBoxAscent / size, descent: fontBoundingBoxDescent / size }
}

const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)}%`

/** @param {string} family @param {string} range @param {string[]} names @param {Metrics} own @param {Metrics} other */
function face(family, range, names, own, other) {
  const stretch = own.width / other.width
  return `@font-face {
  font-family: "${family}";
  font-weight: ${range};
  src: ${names.map((name) => `local("${name}")`).join(', ')};
  size-adjust: ${percent(stretch)};
  ascent-override: ${percent(own.ascent / stretch)};
  descent-override: ${percent(own.descent / stretch)};
  line-gap-override: 0%;
}
`
}

/**
 * Returns the style sheet as it is to be.
 *
 * @param {import('@playwright/test').Page} page any page, to measure in
 */
export async function fallbackFonts(page) {
  const measured = async (/** @type {string} */ file, /** @type {number} */ weight) =>
    page.evaluate(measure, { base64: (await readFile(file)).toString('base64'), weight, sample: SAMPLE })
  const written = []
  for (const { own, fallbacks } of FAMILIES) {
    for (const { family, names, files } of fallbacks) {
      for (const { style, ownWeight, weight, range } of STYLES) {
        const styled = style === 'Bold' ? names.map((name) => `${name} Bold`) : names
        const metrics = [await measured(own, ownWeight), await measured(files[style], weight)]
        written.push(face(family, range, styled, metrics[0], metrics[1]))
      }
    }
  }
  return `/* Written by scripts/fallbackFonts.mjs from the fonts' own metrics. */\n${written.join('\n')}`
}

export const STYLE_SHEET = fileURLToPath(new URL('../src/app/styles/fallbackFonts.css', import.meta.url))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: CHROMIUM_FLAGS })
  await writeFile(STYLE_SHEET, await fallbackFonts(await browser.newPage()))
  await browser.close()
}
