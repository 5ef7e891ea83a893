import { SHIPPED_RUNS, shippedRunName } from '../src/core/corpus/shippedRuns'
import { CORPUS_NOISE, corpus, runStatus, showCorpus } from './support/corpus'
import { openLive } from './support/explore'
import { expect, test } from './support/page'

const [first] = SHIPPED_RUNS
const other = SHIPPED_RUNS.find(({ model, texts }) => model !== first.model && texts === first.texts) ?? first

test.use({ allowedProblems: CORPUS_NOISE })

test('ready-made runs: the first is fetched when Corpus is shown, another when it is chosen, and both stand side by side', async ({
  page,
}) => {
  const fetched: string[] = []
  page.on('request', (request) => {
    const [, name] = /corpora\/(.+)\.zip$/.exec(request.url()) ?? []
    if (name) fetched.push(name)
  })
  await openLive(page)
  expect(fetched).toEqual([])

  await showCorpus(page)
  const menu = corpus(page).getByRole('combobox', { name: 'Ready-made runs' })
  await expect(menu).toHaveValue(first.id)
  await expect(runStatus(page)).toContainText(`${first.measured} texts of a sample of ${first.sampled}`)
  await expect(corpus(page)).toContainText(`Measured with ${first.model}:`)
  // Its model is not the one that is open: points say so, and show no value of another's.
  await expect(corpus(page)).toContainText('The model open in Explore is another')
  expect(fetched).toEqual([first.id])

  await test.step('how well a layer tells the effect, and of which change', async () => {
    const panel = corpus(page).locator('.figure', { hasText: 'Does an early layer tell the effect?' })
    await expect(panel).toContainText(/goes with the distance at the embedding layer by ρ .* \(.* to .*\)/)
    const change = panel.getByRole('combobox', { name: 'Change' })
    await expect(change.getByRole('option').first()).toHaveText('nearest neighbour, least impactful tokens')
    await change.selectOption({ label: 'nearest neighbour, two least impactful tokens' })
    await expect(panel.getByRole('slider')).toBeVisible()
    await panel.getByRole('button', { name: 'Table' }).click()
    await expect(panel.getByRole('table').first()).toContainText(/τ/)
  })

  await test.step('the pre-trained beside the fine-tuned', async () => {
    await corpus(page).getByRole('button', { name: 'Compare…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Compare with another run' })
    await dialog.getByRole('button', { name: `Compare with ${shippedRunName(other)}` }).click()
    const comparison = corpus(page).getByRole('region', { name: 'Comparison of two runs' })
    await expect(comparison.getByRole('listitem')).toHaveCount(2)
    await expect(comparison).toContainText('Differences, statistic by statistic')
    expect(fetched).toEqual([first.id, other.id])
  })

  await test.step('another run, opened', async () => {
    await corpus(page).getByRole('button', { name: 'Stop comparing' }).click()
    await menu.selectOption(other.id)
    await expect(runStatus(page)).toContainText(`${other.measured} texts of a sample of ${other.sampled}`)
    await expect(menu).toHaveValue(other.id)
    await expect(corpus(page)).toContainText(`Measured with ${other.model}:`)
  })
})
