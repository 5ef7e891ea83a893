import type { Page } from '@playwright/test'
import {
  CORPUS_NOISE,
  corpus,
  expectFinished,
  openCorpus,
  reviewText,
  runButton,
  sourceDialog,
} from './support/corpus'
import { expect } from './support/page'
import { test as plain } from './support/tinySite'

const HUB = 'https://datasets-server.huggingface.co'
const DATASET = 'someone/reviews'
const ROWS = 130

/** Allows the hub, the one other host that a page asks, and only when its button is pressed. */
const test = plain.extend<{ hubAllowed: undefined }>({
  hubAllowed: [
    async ({ origins }, use) => {
      origins.add(HUB)
      await use(undefined)
      origins.delete(HUB)
    },
    { auto: true },
  ],
})

test.use({ allowedProblems: [new RegExp(`${CORPUS_NOISE[0].source}|Failed to load resource.*(401|404)`)] })

const table = { dataset: DATASET, config: 'default', split: 'test' }

const row = (index: number) => ({
  row_idx: index,
  row: { text: `${reviewText(index)}<br />Seen twice.`, label: index % 2 },
  truncated_cells: [],
})

function answer({ pathname, searchParams }: URL): { status: number; body: unknown } {
  if (searchParams.get('dataset') !== DATASET) {
    return {
      status: 401,
      body: { error: 'The dataset does not exist, or is not accessible without authentication.' },
    }
  }
  if (pathname === '/splits') return { status: 200, body: { splits: [table], pending: [], failed: [] } }
  if (pathname === '/parquet') {
    return { status: 200, body: { parquet_files: [], pending: [], failed: [], partial: false } }
  }
  if (pathname === '/size') {
    const split = { ...table, num_bytes_parquet_files: 0, num_rows: ROWS }
    const size = { dataset: { dataset: DATASET }, configs: [], splits: [split] }
    return { status: 200, body: { size, pending: [], failed: [], partial: false } }
  }
  const offset = Number(searchParams.get('offset'))
  const length = Math.min(Number(searchParams.get('length')), ROWS - offset)
  const features = ['text', 'label'].map((name, index) => ({
    feature_idx: index,
    name,
    type: { dtype: name === 'text' ? 'string' : 'int64', _type: 'Value' },
  }))
  const rows = Array.from({ length: Math.max(0, length) }, (_, index) => row(offset + index))
  return {
    status: 200,
    body: { features, rows, num_rows_total: ROWS, num_rows_per_page: 100, partial: false },
  }
}

/** Answers in the place of the hub, in its shapes (huggingface/dataset-viewer, openapi.json); what was asked for. */
async function standInForHub(page: Page): Promise<string[]> {
  const asked: string[] = []
  await page.route(`${HUB}/**`, async (route) => {
    const url = new URL(route.request().url())
    asked.push(url.pathname)
    const { status, body } = answer(url)
    await route.fulfill({ status, json: body, headers: { 'access-control-allow-origin': '*' } })
  })
  return asked
}

test('a data set of the hub by its name, asked for only when its button is pressed', async ({
  page,
  tinySite,
}) => {
  const asked = await standInForHub(page)
  await openCorpus(page, tinySite)
  await corpus(page).getByRole('button', { name: 'A data set of the hub…' }).click()
  const dialog = sourceDialog(page)
  await expect(dialog.getByRole('textbox', { name: 'Data set' })).toHaveValue('stanfordnlp/imdb')

  await dialog.getByRole('textbox', { name: 'Data set' }).fill('someone/nothing')
  expect(asked).toEqual([])
  await dialog.getByRole('button', { name: 'Fetch first rows' }).click()
  await expect(dialog.getByRole('alert')).toContainText(
    'The hub does not give out someone/nothing: there is none, or it is private or gated.',
  )

  await dialog.getByRole('textbox', { name: 'Data set' }).fill(DATASET)
  await dialog.getByRole('button', { name: 'Fetch first rows' }).click()
  await expect(dialog.getByRole('region', { name: 'First rows', exact: true })).toContainText(
    'hub rows · 130 rows',
  )
  await expect(dialog.getByRole('radio', { name: /^text likely/ })).toBeChecked()
  await runButton(page).click()
  await expectFinished(page, ROWS)
  await expect(corpus(page).getByRole('heading', { level: 2 }).first()).toContainText(DATASET)
  await expect(corpus(page)).toContainText('a data set of the hub, column “text”')
  await expect(corpus(page)).toContainText('130 rows · sample of 130')
})
