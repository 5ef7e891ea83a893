import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languageModelFiles } from '../engine/languageModelFixture'
import { readReference } from '../engine/referenceFixture'
import {
  computeFigures,
  effectShare,
  FailureError,
  layerwiseDistances,
  type Model,
  NONE,
  openModel,
} from './index'

const FOLDER = fileURLToPath(new URL('../../fixtures/tiny-bert', import.meta.url))
const REVIEWS = new URL('../../public/corpora/short-reviews.jsonl', import.meta.url)
const { cases } = readReference('fixtures/tiny-bert/reference.json')

describe('the library in Node', () => {
  let model: Model
  beforeAll(async () => {
    model = await openModel(FOLDER, { threads: 1 })
  })
  afterAll(() => model.release())

  it('measures what PyTorch measures', async () => {
    for (const { inputIds, measurements } of cases) {
      for (const { substitutions, distances } of measurements) {
        const layers = layerwiseDistances(await model.measure({ inputIds, substitutions }))
        for (const { layer, distance } of layers) {
          expect(Math.abs(distance - distances[layer]) / Math.max(distances[layer], 0.01)).toBeLessThan(1e-4)
        }
      }
    }
  })

  it('explores a text as the command does', async () => {
    const [{ text, neighbors }] = cases
    const data = await model.explore({ text, position: neighbors.positions[0] })
    expect(data).toMatchObject({ format: 'ripplescope-explore', substitute: { id: neighbors.ids[0][0] } })
    await expect(model.explore({ text, position: 99 })).rejects.toThrow(FailureError)
  })

  it('runs the experiments over texts, and computes their figures', async () => {
    const texts = readFileSync(REVIEWS, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { text: string }).text)
    const done: number[] = []
    const run = await model.run(texts, {
      settings: { sampleSize: 12, perturbations: ['nearest', 'delete'] },
      onProgress: (progress) => done.push(progress.done),
    })
    expect(run).toMatchObject({ status: 'finished', header: { sampled: 12, corpus: { rows: texts.length } } })
    expect(run.tables.sequences.rows).toBe(12)
    expect(run.tables.perturbations.columns.substitute_id).toContain(NONE)
    expect(done.at(-1)).toBe(12)
    const { propagation, frequency } = computeFigures(run, { norm: 'l2' })
    expect(propagation?.ranks.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5])
    expect(frequency?.sequences).toBe(12)
    await expect(model.run([' '])).rejects.toThrow(/no text/)
  })

  it('asks a language model what it expects', async () => {
    const gpt2 = await openModel(await languageModelFiles('tiny-gpt2'), { threads: 1 })
    const inputIds = gpt2.tokenize('A great story.').tokens.map(({ id }) => id)
    const position = inputIds.length - 2
    const { after } = await gpt2.predictTokens({ inputIds, substitutions: [], position, k: 50 })
    const [last] = await gpt2.tokenLikelihoods({ inputIds, positions: [position + 1] })
    const found = after.find(({ tokenId }) => tokenId === inputIds[position + 1])
    expect(found?.after.rank ?? last.rank).toBe(last.rank)
    expect(Math.log(after[0].after.probability)).toBeGreaterThanOrEqual(last.logProbability)
    await gpt2.release()
    const request = { inputIds: cases[0].inputIds, substitutions: [], position: 1, k: 5 }
    await expect(model.predictTokens(request)).rejects.toThrow(/no language-model head/)
  })

  it('puts hidden states of one text into the run of another, and reads the head over every layer', async () => {
    const [{ inputIds }] = cases
    const change = { inputIds, substitutions: [{ position: 1, tokenId: 200 }], place: null }
    const patches = [{ layers: [1], positions: [...inputIds.keys()] }]
    const patched = await model.patch({ ...change, direction: 'restore', patches })
    expect(effectShare(patched, patched.runs[0].value)).toBeCloseTo(1, 3)
    const answers = await model.answersByLayer(change)
    if (answers.kind !== 'labels') throw new TypeError('no labels')
    const { logits } = await model.measure(change)
    expect(answers.logits.before.at(-1)).toEqual(logits?.before)
    expect(answers.logits.after).toHaveLength(model.info.layers + 1)
  })

  it('says why a folder is no model', async () => {
    await expect(openModel(fileURLToPath(new URL('../../src', import.meta.url)))).rejects.toThrow()
  })
})
