import {
  CORPUS_NOISE,
  corpus,
  drop,
  expectFinished,
  openCorpus,
  reviewText,
  runOver,
  sourceDialog,
} from './support/corpus'
import { chooseExport, downloadText, expect } from './support/page'
import { test } from './support/tinySite'

test.use({ allowedProblems: CORPUS_NOISE })

const TITLE = 'Where the effect is carried'
const PARTS = ['own', 'others', 'read', 'whole']

test('a run says where effects are carried, as figure, table and file; one without says how to ask for it', async ({
  page,
  tinySite,
}) => {
  const texts = Array.from({ length: 12 }, (_, i) => reviewText(i)).join('\n')
  await openCorpus(page, tinySite)
  const figure = corpus(page).locator('.figure', { hasText: TITLE })

  await test.step('without', async () => {
    await runOver(page, 'plain.txt', texts)
    await expectFinished(page, 12)
    await expect(figure).toContainText('This run did not measure it.')
  })

  await test.step('with', async () => {
    await drop(page, 'reviews.txt', texts)
    await sourceDialog(page).getByRole('button', { name: 'Settings' }).click()
    const settings = page.getByRole('dialog', { name: 'Settings of the next run' })
    await settings.getByText('restored', { exact: true }).click()
    await expect(settings).toContainText(/takes about \d+ times as long as without/)
    await settings.getByRole('button', { name: 'Run', exact: true }).click()
    await expectFinished(page, 12)
    await expect(figure).toContainText(/share of the effect restored, mean and 95 % CI .* in 12 texts/)
    await expect(figure.getByRole('slider')).toBeVisible()
    await expect(figure.locator('.finding')).toContainText(/the own position carries .* of the effect/)
  })

  await test.step('table and file hold the same', async () => {
    await figure.getByRole('button', { name: 'Table' }).click()
    const first = figure.getByRole('row').nth(1)
    // At the embedding layer the changed token carries all of it, and the others nothing.
    await expect(first.getByRole('cell').nth(0)).toHaveText(/^1\.00/)
    await expect(first.getByRole('cell').nth(1)).toHaveText(/^0\.00/)
    const csv = await downloadText(page, () => chooseExport(figure, TITLE, 'CSV'))
    const [head, ...lines] = csv.trim().split('\r\n')
    const columns = head.replace(/^\uFEFF/, '').split(',')
    const rows = lines.map((line) => {
      const cells = line.split(',')
      return Object.fromEntries(columns.map((name, i) => [name, cells[i]]))
    })
    const ranked = rows.filter(({ place }) => place === 'least-impactful')
    expect(new Set(ranked.map(({ part }) => part))).toEqual(new Set(PARTS))
    for (const { part, mean } of ranked) if (part === 'whole') expect(Number(mean)).toBeCloseTo(1, 2)
  })
})
