import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { Page } from '@playwright/test'
import { csvParse } from 'd3-dsv'
import { NORMS } from '../../src/core/measures/norm'
import { softmax } from '../../src/core/measures/prediction'
import type { Substitution } from '../../src/core/measures/substitution'
import type { ReferenceCase, ReferenceMeasurement } from '../../src/engine/referenceFixture'
import { wordOf } from '../../src/state/explore/tokenNames'
import {
  cellsOf,
  chooseToken,
  chosenRow,
  expectListed,
  expectMeasured,
  expectShown,
  exportedJson,
  layerTable,
  numberIn,
  paste,
  prediction,
  substituteRows,
  substitutes,
  tokens,
  typeSubstitute,
} from './explore'
import { downloadText, expect } from './page'

const RELATIVE = 1e-4

/** Rows of the table that can be chosen without unfolding it. */
const ROWS = 8

/** Reads vocabulary entries by id from a model folder's tokenizer.json; `folder` from the repository's root. */
export function readVocabulary(folder: string): string[] {
  const file = new URL(`../../${folder}/tokenizer.json`, import.meta.url)
  const { model } = JSON.parse(readFileSync(file, 'utf8')) as { model: { vocab: Record<string, number> } }
  const entries: string[] = []
  for (const [entry, id] of Object.entries(model.vocab)) entries[id] = entry
  return entries
}

/** Compares relative to the expected value, and absolutely below `floor`, where fp32 has no digits left. */
function expectClose(actual: number, expected: number, floor: number, what: string): void {
  const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), floor)
  expect(error, `${what}: ${actual} against ${expected}`).toBeLessThan(RELATIVE)
}

/** Compares three significant digits, or whole numbers. */
function expectThreeDigits(shown: string, value: number): void {
  const error = Math.abs(numberIn(shown) - value)
  expect(error, `${shown} for ${value}`).toBeLessThanOrEqual(Math.max(0.00501 * Math.abs(value), 1e-30))
}

/** Puts one token in the place of another by hand: a near one from its row, any other one by typing. */
async function substitute(
  page: Page,
  { neighbors }: ReferenceCase,
  { position, tokenId }: Substitution,
  vocabulary: readonly string[],
): Promise<void> {
  const rank = neighbors.ids[neighbors.positions.indexOf(position)].indexOf(tokenId)
  await chooseToken(page, position)
  if (rank < 0 || rank >= ROWS) await typeSubstitute(page, vocabulary[tokenId])
  else await substituteRows(page).nth(rank).getByRole('radio').check()
}

async function expectNeighbors(
  page: Page,
  { neighbors }: ReferenceCase,
  position: number,
  vocabulary: readonly string[],
): Promise<void> {
  const save = () => page.getByRole('button', { name: 'Neighbours as CSV' }).click()
  const found = csvParse(await downloadText(page, save))
  const at = neighbors.positions.indexOf(position)
  expect(found.slice(0, neighbors.k).map((row) => Number(row.token_id))).toEqual(neighbors.ids[at])
  for (const [i, row] of found.slice(0, neighbors.k).entries()) {
    expectClose(Number(row.cosine), neighbors.cosines[at][i], 0.01, 'cosine')
    for (const norm of NORMS)
      expectClose(Number(row[`shift_${norm}`]), neighbors[norm][at][i], 0.01, `shift ${norm}`)
    expectClose(Number(row.raw_shift_l2), neighbors.rawL2[at][i], 0.01, 'raw shift')
  }
  const shown = await cellsOf(substitutes(page))
  for (const [i, cells] of shown.slice(0, Math.min(ROWS, neighbors.k)).entries()) {
    const [token, cosine, shift] = cells
    expect(token).toBe(vocabulary[neighbors.ids[at][i]])
    expectShown(cosine, Number(found[i].cosine), 3)
    expectShown(shift, Number(found[i].shift_l2), 2)
  }
}

/** Compares the screen and the JSON file with PyTorch's numbers. */
async function expectMeasurement(
  page: Page,
  { inputIds, logits }: ReferenceCase,
  expected: ReferenceMeasurement,
): Promise<void> {
  const found = await exportedJson(page)
  const explored = expected.substitutions.at(-1)
  expect(found.tokens.map(({ id }) => id)).toEqual(inputIds)
  expect(found.position).toBe(explored?.position)
  expect(found.substitute?.id).toBe(explored?.tokenId)
  expect(found.held.map(({ position, substitute: { id } }) => ({ position, tokenId: id }))).toEqual(
    expected.substitutions.slice(0, -1),
  )
  for (const norm of NORMS) expectClose(found.shift[norm], expected.shift[norm], 1e-3, `shift ${norm}`)
  expect(found.layers.map(({ distance }) => distance)).toHaveLength(expected.distances.length)
  for (const { layer, distance, relative } of found.layers) {
    expectClose(distance, expected.distances[layer], 1e-3, `D_${layer}`)
    expectClose(relative, expected.relative[layer], 1e-5, `relative D_${layer}`)
  }
  const before = softmax(found.prediction?.before ?? [])
  const after = softmax(found.prediction?.after ?? [])
  for (const [label, probability] of (expected.probabilityAfter ?? []).entries()) {
    expectClose(found.prediction?.before[label] ?? Number.NaN, logits?.[label] ?? 0, 0.1, 'logit before')
    expectClose(after[label], probability, 0.01, 'probability after')
    expectClose(before[label], expected.probabilityBefore?.[label] ?? Number.NaN, 0.01, 'probability before')
  }

  const first = before.indexOf(Math.max(...before))
  const chosen = await chosenRow(page).locator('td').allTextContents()
  expectShown(chosen[3], found.layers.at(-1)?.distance ?? Number.NaN, 2)
  expectShown(chosen[4], after[first] - before[first], 4)
  const change = await prediction(page).locator('.prediction-change').textContent()
  expectShown(change ?? '', after[first] - before[first], 4)
  const [was, is] = (await prediction(page).locator('.prediction-values').textContent())?.split(' → ') ?? []
  expectShown(was, before[first], 3)
  expectShown(is, after[first], 3)
  for (const [layer, [, shown]] of (await layerTable(page)).entries()) {
    expectThreeDigits(shown, found.layers[layer].distance)
  }
}

const isStepOf = (one: ReferenceMeasurement, whole: ReferenceMeasurement) =>
  one !== whole &&
  one.substitutions.every(({ position, tokenId }) =>
    whole.substitutions.some((step) => step.position === position && step.tokenId === tokenId),
  )

/**
 * Pastes a text of the reference, substitutes by hand and compares all that PyTorch says of it: each change of one
 * token, and the change of two with what is on screen between them.
 *
 * @param options.everyChange without it, a text that has a change of two gets that one alone, and what it goes through
 */
export async function expectReference(
  page: Page,
  reference: ReferenceCase,
  vocabulary: readonly string[],
  { everyChange = true }: { readonly everyChange?: boolean } = {},
): Promise<void> {
  await paste(page, reference.text)
  if (!reference.truncated) await expect.poll(() => tokens(page).textContent()).toBe(reference.text)
  const { measurements } = reference
  const pair = measurements.find(({ substitutions }) => substitutions.length === 2)
  const alone = measurements.filter((one) => one !== pair && !(pair && isStepOf(one, pair)))
  const made = pair ? [...(everyChange ? alone : []), pair] : alone
  for (const expected of made) {
    const labels: string[] = []
    for (const [step, substitution] of expected.substitutions.entries()) {
      if (step > 0) await page.getByRole('button', { name: /^Keep this change/ }).click()
      await substitute(page, reference, substitution, vocabulary)
      const { position, tokenId } = substitution
      labels.push(`${wordOf(reference.tokens[position])} → ${wordOf(vocabulary[tokenId])}`)
      await expectMeasured(page, labels.join(' + '))
      await expectListed(page)
      await expectNeighbors(page, reference, position, vocabulary)
      const present = expected.substitutions.slice(0, step + 1)
      const measurement = measurements.find(({ substitutions }) => isDeepStrictEqual(substitutions, present))
      if (measurement) await expectMeasurement(page, reference, measurement)
    }
  }
}
