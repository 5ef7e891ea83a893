import {
  CORPUS_NOISE,
  corpus,
  drop,
  expectFinished,
  openCorpus,
  reviewText,
  runButton,
  sourceDialog,
} from './support/corpus'
import { chooseExport, download, expect } from './support/page'
import { test } from './support/tinySite'

test.use({ allowedProblems: CORPUS_NOISE })

const ROWS = 16

const labelOf = (row: number) => (row % 2 === 0 ? 'good' : 'bad')
const CSV = `review,verdict\n${Array.from({ length: ROWS }, (_, row) => `"${reviewText(row)}",${labelOf(row)}`).join('\n')}\n`

test('a labelled table: the labels are asked about, then what the task loses is drawn, told and saved', async ({
  page,
  tinySite,
}) => {
  await openCorpus(page, tinySite)
  await drop(page, 'films.csv', CSV)
  const dialog = sourceDialog(page)
  await expect(runButton(page)).toHaveAttribute('aria-disabled', 'false')

  await test.step('names that the model does not have are asked about, and nothing runs before', async () => {
    await dialog.getByLabel('Column with the right labels').selectOption('verdict')
    await expect(dialog.getByRole('status')).toHaveText('Say what each label of the file means.')
    await expect(runButton(page)).toHaveAttribute('aria-disabled', 'true')
    await dialog.getByLabel('“good” is').selectOption({ label: 'POSITIVE' })
    await expect(runButton(page)).toHaveAttribute('aria-disabled', 'true')
    await dialog.getByLabel('“bad” is').selectOption({ label: 'NEGATIVE' })
    await expect(runButton(page)).toHaveAttribute('aria-disabled', 'false')
  })

  await runButton(page).click()
  await expectFinished(page, ROWS)
  const figure = corpus(page).locator('.figure', { hasText: 'What the task loses' })

  await test.step('the curve has its sentence, its measures and its table', async () => {
    await expect(figure.locator('.finding')).toContainText(`of ${ROWS} labelled texts`)
    await expect(figure.locator('.finding')).toContainText('area between the curves')
    await expect(figure.locator('svg.chart-drawing, svg').first()).toBeVisible()
    await figure.getByRole('button', { name: 'AUC' }).click()
    await expect(figure).toContainText('AUC by share of tokens substituted at once')
  })

  await test.step('the records hold a row a text, place and share', async () => {
    const { bytes } = await download(page, () => chooseExport(page, 'Records', 'JSON'))
    const { tables, header } = JSON.parse(bytes.toString('utf8'))
    expect(tables.losses.rows).toBe(ROWS * 3 * 5)
    expect(header.settings.task).toEqual({
      column: 'verdict',
      map: [
        ['bad', 0],
        ['good', 1],
      ],
    })
  })
})

test('labels that carry the names of the model are taken as they are', async ({ page, tinySite }) => {
  await openCorpus(page, tinySite)
  const named = CSV.replaceAll(',good', ',positive').replaceAll(',bad', ',negative')
  await drop(page, 'films.csv', named)
  const dialog = sourceDialog(page)
  await dialog.getByLabel('Column with the right labels').selectOption('verdict')
  await expect(dialog.getByLabel('“positive” is')).toHaveValue('1')
  await expect(dialog.getByLabel('“negative” is')).toHaveValue('0')
  await expect(runButton(page)).toHaveAttribute('aria-disabled', 'false')
})
