import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import type { ComparisonExport } from '../src/core/comparison/comparisonExport'
import type { ReferencePredictions } from '../src/core/measures/predictionsFixture'
import { expectAccessible } from './support/axe'
import {
  announcement,
  cellsOf,
  chooseToken,
  exportedJson,
  openLive,
  paste,
  ripplePanel,
  substituteRows,
  substitutes,
  typeSubstitute,
} from './support/explore'
import { chooseExport, downloadText, expect } from './support/page'
import { test } from './support/tinySite'

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url))
const jsonOf = <T>(...path: string[]) => JSON.parse(readFileSync(join(FIXTURES, ...path), 'utf8')) as T

const { models } = jsonOf<{ models: readonly ReferencePredictions[] }>('predictions.json')

interface Family {
  readonly model: { readonly head: string; readonly languageModel: string }
  readonly cases: readonly { readonly name: string; readonly text: string }[]
}

function expectationOf(name: string) {
  const expected = models.find((model) => model.name === name)
  const { model, cases } = jsonOf<Family>(name, 'reference.json')
  const text = cases.find((one) => one.name === 'short')?.text
  if (!expected || text === undefined) throw new TypeError(`no predictions of ${name}`)
  const { vocab } = jsonOf<{ model: { vocab: Record<string, number> } }>(name, 'tokenizer.json').model
  const entryOf = (id: number) => Object.keys(vocab).find((token) => vocab[token] === id) ?? ''
  return { ...expected, ...model, text, entryOf }
}

/** Writes a tiny family as a folder of a language model: the tensors of its head are a second shard. */
function writeFolder(name: string): string {
  const { head, languageModel } = expectationOf(name)
  const folder = join(mkdtempSync(join(tmpdir(), 'ripplescope-head-')), `${name}-lm`)
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) {
    cpSync(join(FIXTURES, name, file), join(folder, file))
  }
  const config = { ...jsonOf<object>(name, 'config.json'), architectures: [languageModel] }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  cpSync(join(FIXTURES, name, 'model.safetensors'), join(folder, 'model-00001-of-00002.safetensors'))
  cpSync(join(FIXTURES, name, `${head}.safetensors`), join(folder, 'model-00002-of-00002.safetensors'))
  return folder
}

async function openLanguageModel(page: Page, name: string): Promise<void> {
  const folder = writeFolder(name)
  await page.getByRole('button', { name: 'Models', exact: true }).click()
  await page.getByLabel('Model folder').setInputFiles(folder)
  await expect(page.locator('main#models .model-name')).toHaveText(`./${name}-lm`)
  await page.getByRole('button', { name: 'Explore', exact: true }).click()
  rmSync(folder, { recursive: true })
}

const close = (actual: number | undefined, expected: number, what: string) =>
  expect(Math.abs((actual ?? Number.NaN) - expected), what).toBeLessThan(1e-4)

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

test('a causal model: the next token stands where the label stood, and nothing before a change moves', async ({
  page,
  tinySite,
}) => {
  const { text, substitution, predictions, likelihoods, entryOf } = expectationOf('tiny-gpt2')
  const [afterChosen, afterText] = predictions
  await openLive(page, '', tinySite)
  await openLanguageModel(page, 'tiny-gpt2')
  await paste(page, text)
  const panel = page.getByRole('region', { name: 'Next token' })
  await expect(panel.getByRole('table')).toBeVisible()
  await chooseToken(page, substitution.position)
  await expect(substituteRows(page).first()).toBeVisible()
  await typeSubstitute(page, entryOf(substitution.tokenId))
  await expect(announcement(page)).toContainText('KL')

  await expect(panel.getByRole('columnheader')).toHaveText(['token', 'before', 'after'])
  const shown = [afterText.divergence, ...afterText.entropy].map((value) => value.toPrecision(3))
  await expect(panel).toContainText(`KL ${shown[0]} nats · entropy ${shown[1]} → ${shown[2]} nats`)
  await expect(substitutes(page).getByRole('columnheader').last()).toHaveText('KL next')
  await expect(substituteRows(page).filter({ has: page.locator(':checked') })).toContainText(shown[0])
  await expect(ripplePanel(page)).toContainText('a change reaches only later positions')
  const atEnd = await exportedJson(page)
  close(atEnd.tokenPrediction?.divergence, afterText.divergence, 'KL after the text')
  close(atEnd.nextToken?.divergence, afterText.divergence, 'KL with the distances')
  expect(atEnd.tokenPrediction?.after.map(({ tokenId }) => tokenId).slice(0, 6)).toEqual(afterText.topAfter)
  await ripplePanel(page).getByRole('button', { name: 'Table' }).click()
  for (const row of (await cellsOf(ripplePanel(page).getByRole('table'))).slice(0, substitution.position)) {
    expect(new Set(row.slice(1))).toEqual(new Set(['0']))
  }

  await panel.getByRole('radio', { name: /^after “/ }).check()
  await expect(panel.getByText('next in the text')).toBeVisible()
  const inside = await exportedJson(page)
  expect(inside.tokenPrediction?.position).toBe(substitution.position)
  close(inside.tokenPrediction?.divergence, afterChosen.divergence, 'KL after the chosen token')

  await panel.getByText('Likelihood of the text').click()
  await expect(panel.getByRole('button', { name: 'Likelihoods as CSV' })).toBeVisible()
  const { tokenLikelihoods } = await exportedJson(page)
  for (const side of ['before', 'after'] as const) {
    const found = tokenLikelihoods?.[side].map(({ logProbability }) => logProbability) ?? []
    close(sum(found), sum(likelihoods[side].logProbabilities), `ln p ${side}`)
  }

  await test.step('beside another one: both distributions and both likelihoods', async () => {
    const llama = expectationOf('tiny-llama')
    const [, opposite] = llama.predictions
    await panel.getByRole('radio', { name: 'after the text' }).check()
    await page.getByRole('button', { name: 'Compare with…' }).click()
    const folder = writeFolder('tiny-llama')
    await page.getByRole('dialog').getByLabel('Model folder').setInputFiles(folder)
    const both = page.getByRole('region', { name: 'Next token, side by side' })
    const tokens = both.getByRole('table', { name: /Most probable tokens of both sides/ })
    await expect(tokens.getByRole('columnheader')).toHaveText([
      /^\.\/tiny-gpt2-lmafter the text$/,
      /^\.\/tiny-llama-lmafter the text$/,
      'token',
      'before',
      'after',
      'before',
      'after',
    ])
    await both.getByText('Likelihood of both texts').click()
    await expect(both.getByRole('button', { name: 'Likelihoods of both texts as CSV' })).toBeVisible()
    const save = () => chooseExport(page, 'Differences', 'JSON')
    const { table, second } = JSON.parse(await downloadText(page, save)) as ComparisonExport
    close(table.distribution?.entropyBefore.first ?? undefined, afterText.entropy[0], 'entropy of the first')
    close(table.distribution?.entropyBefore.second ?? undefined, opposite.entropy[0], 'of the second')
    expect(second.tokenPrediction?.before.map(({ tokenId }) => tokenId).slice(0, 6)).toEqual(
      opposite.topBefore,
    )
    const found = second.tokenLikelihoods?.before.map(({ logProbability }) => logProbability) ?? []
    close(sum(found), sum(llama.likelihoods.before.logProbabilities), 'ln p of the second')
    await expectAccessible(page)
    rmSync(folder, { recursive: true })
  })
})

test('a masked model: what it expects under the mask, and the pseudo-likelihood of the text', async ({
  page,
  tinySite,
}) => {
  const { text, substitution, predictions, likelihoods, entryOf } = expectationOf('tiny-masked-bert')
  const [place] = predictions
  await openLive(page, '', tinySite)
  await openLanguageModel(page, 'tiny-masked-bert')
  await paste(page, text)
  const panel = page.getByRole('region', { name: 'Fill the mask' })
  await expect(panel).toContainText('Choose a token')
  await chooseToken(page, substitution.position)
  await expect(substituteRows(page).first()).toBeVisible()
  await typeSubstitute(page, entryOf(substitution.tokenId))
  await expect(announcement(page)).toContainText('at the mask')
  await expect(panel).toContainText('one distribution for both texts')
  await expect(panel.getByRole('row').filter({ hasText: 'original' })).toBeVisible()
  await expect(panel.getByRole('row').filter({ hasText: 'substitute' })).toBeVisible()
  const { tokenPrediction } = await exportedJson(page)
  expect(tokenPrediction?.before.map(({ tokenId }) => tokenId).slice(0, 6)).toEqual(place.topBefore)
  for (const { tokenId, p } of place.also) {
    close(tokenPrediction?.also.find((token) => token.tokenId === tokenId)?.after.probability, p[1], 'p')
  }
  await expect(substitutes(page).getByRole('columnheader').last()).toHaveText('p')

  await panel.getByText('Pseudo-likelihood of the text').click()
  await panel.getByRole('button', { name: 'Measure each token' }).click()
  await expect(panel.getByRole('button', { name: 'Likelihoods as CSV' })).toBeVisible()
  const { tokenLikelihoods } = await exportedJson(page)
  for (const side of ['before', 'after'] as const) {
    const found = tokenLikelihoods?.[side].map(({ logProbability }) => logProbability) ?? []
    close(sum(found), sum(likelihoods[side].logProbabilities), `pseudo-ln p ${side}`)
  }
  await expectAccessible(page)

  await paste(page, `${text.slice(0, -1)} [MASK].`)
  await expect(panel.getByRole('table', { name: /Most probable tokens at the mask/ })).toBeVisible()
  await chooseToken(page, 2)
  await expect(panel.getByRole('radio')).toHaveCount(2)
  await expect(panel.getByRole('radio', { name: 'mask', exact: true })).toBeChecked()
  await expect(panel).toContainText('KL')
})
