import { gzipSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import {
  CORPUS_NOISE,
  corpus,
  drop,
  expectFinished,
  openCorpus,
  problem,
  reviewText,
  runButton,
  runStatus,
  sourceDialog,
} from './support/corpus'
import { closeDialog } from './support/keyboard'
import { expect } from './support/page'
import { test } from './support/tinySite'

test.use({ allowedProblems: CORPUS_NOISE })

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('')

interface Refused {
  readonly file: string
  readonly bytes: Buffer | string
  /** Message of what happened and what to do, before anything runs. */
  readonly refused: RegExp
}

interface Measured {
  readonly file: string
  readonly bytes: Buffer | string
  /** Text of the preview. */
  readonly preview: RegExp
  readonly reviews: number
  /** Text of the finished run. */
  readonly said: RegExp
}

const REFUSED: readonly Refused[] = [
  { file: 'empty.csv', bytes: '', refused: /empty.csv is empty.* Choose/ },
  { file: 'blank.csv', bytes: '\n\n \n', refused: /holds only blank lines.* Choose/ },
  { file: 'picture.csv', bytes: png, refused: /PNG.*Choose/i },
  { file: 'header.csv', bytes: 'id,review\n', refused: /No row could be read.* Choose another file/ },
]

const MEASURED: readonly Measured[] = [
  {
    file: 'one.csv',
    bytes: 'review\nA good film.\n',
    preview: /UTF-8/,
    reviews: 1,
    said: /1 row · sample of 1/,
  },
  {
    file: 'bom.csv',
    bytes: `\ufeffreview\n${lines(4, reviewText)}`,
    preview: /UTF-8/,
    reviews: 4,
    said: /column “review”/,
  },
  {
    file: 'sixteen.tsv',
    bytes: utf16(
      `id\treview\r\n${Array.from({ length: 4 }, (_, i) => `${i}\t${reviewText(i)}\r\n`).join('')}`,
    ),
    preview: /UTF-16LE/,
    reviews: 4,
    said: /column “review”/,
  },
  {
    file: 'packed.csv.gz',
    bytes: gzipSync(`review\n${lines(4, reviewText)}`),
    preview: /packed\.csv.*UTF-8/,
    reviews: 4,
    said: /column “review”/,
  },
  {
    file: 'chinese.csv',
    bytes: Buffer.from(
      '69642c7265766965770a302cd5e2b2bfb5e7d3b0b7c7b3a3bac3bfb4a3acd1ddd4b1badcb0f4a1a30a312cbadccedec1c4a1a30a',
      'hex',
    ),
    preview: /GB18030/,
    reviews: 2,
    said: /column “review”/,
  },
  {
    file: 'emoji.txt',
    bytes: lines(5, (i) => '🎬🙂🎉'.repeat(i + 1)),
    preview: /text, one a line/,
    reviews: 5,
    said: /15 tokens/,
  },
  {
    file: 'endless.txt',
    bytes: lines(3, () => 'a good film and a dull plot '.repeat(1500)),
    preview: /text, one a line/,
    reviews: 3,
    said: /3 rows/,
  },
]

const failure = (page: Page) => sourceDialog(page).getByRole('alert')

test('a file without texts is refused with what to do, and another one goes on from there', async ({
  page,
  tinySite,
}) => {
  await openCorpus(page, tinySite)
  for (const { file, bytes, refused } of REFUSED) {
    await test.step(file, async () => {
      await drop(page, file, bytes)
      await expect(failure(page)).toContainText(refused)
      await expect(runButton(page)).toHaveAttribute('aria-disabled', 'true')
      await closeDialog(page)
    })
  }
})

test('what is odd but readable is measured', async ({ page, tinySite }) => {
  await openCorpus(page, tinySite)
  for (const { file, bytes, preview, reviews, said } of MEASURED) {
    await test.step(file, async () => {
      await drop(page, file, bytes)
      await expect(sourceDialog(page).getByRole('region', { name: 'First rows', exact: true })).toContainText(
        preview,
      )
      await runButton(page).click()
      await expect(corpus(page).getByRole('heading', { level: 2 }).first()).toContainText(
        file.replace(/\.gz$/, ''),
      )
      await expectFinished(page, reviews)
      await expect(corpus(page).getByRole('region', { name: 'Run' })).toContainText(said)
      await expect(problem(page)).toHaveCount(0)
    })
  }
})

test('a thousand identical rows have a result without a line', async ({ page, tinySite }) => {
  await openCorpus(page, tinySite)
  await drop(page, 'same.csv', `review\n${lines(1000, () => 'A good film with a dull plot.')}`)
  await sourceDialog(page).getByRole('button', { name: 'Settings' }).click()
  const settings = page.getByRole('dialog', { name: 'Settings of the next run' })
  await settings.getByLabel('Sample size').fill('40')
  await settings.getByRole('button', { name: 'Run', exact: true }).click()
  await expectFinished(page, 40)
  await expect(corpus(page)).toContainText('1,000 rows · sample of 40')
  // The last figures.
  await expect(corpus(page)).toContainText('n 40')
  await expect(corpus(page)).not.toContainText(/NaN|Infinity|undefined/)
})

test('a row of fifty megabytes does not take the page down', async ({ page, tinySite }) => {
  await openCorpus(page, tinySite)
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer()
    const long = new Uint8Array(50 * 2 ** 20).fill(97)
    // A word every eight letters.
    for (let at = 7; at < long.length; at += 8) long[at] = 32
    data.items.add(new File(['A good film.\n', long, '\nA dull plot.\n'], 'giant.txt'))
    return data
  })
  await page.dispatchEvent('main#corpus', 'drop', { dataTransfer: transfer })
  await expect(sourceDialog(page)).toContainText('giant.txt')
  await runButton(page).click()
  await expect(runStatus(page)).toHaveText(/^(2 of 2|3 of 3) reviews$/)
  await expect(corpus(page)).toContainText(/1 row skipped|3 rows/)
})
