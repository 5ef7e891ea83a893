import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { csvParse } from 'd3-dsv'
import type { FamilyFixture } from '../../src/engine/familyFixture'
import type { ForeignReference } from '../../src/onnx/foreign/foreignFixture'
import { announcement, expectListed, exportedJson, layerTable, modelLine } from './explore'
import { linkOf } from './link'
import { downloadText, expect } from './page'

const RELATIVE = 1e-4

const fixture = (path: string) => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url))
const jsonOf = <T>(path: string) => JSON.parse(readFileSync(fixture(path), 'utf8')) as T

/** Holds a folder to open, and transformers' numbers for one change in it. */
export interface ModelCase {
  readonly folder: string
  readonly sha256: string
  readonly text: string
  readonly inputIds: readonly number[]
  readonly position: number
  readonly tokenId: number
  /** D_0..D_L */
  readonly distances: readonly number[]
  /** Neighbours of the token at `position`, nearest first. */
  readonly neighborIds: readonly number[]
  readonly cosines: readonly number[]
}

/** Reads a family of training/make_families.py, by the part of its folder's name after `tiny-`. */
export function familyCase(name: string): ModelCase {
  const { model, cases } = jsonOf<FamilyFixture>(`tiny-${name}/reference.json`)
  const found = cases.find(({ neighbors }) => neighbors)
  if (!found?.neighbors) throw new TypeError(`no case of ${name} has neighbours`)
  const { text, inputIds, neighbors, substitution } = found
  const { position, tokenId, distances } = substitution
  return {
    ...{ folder: fixture(`tiny-${name}`), sha256: model.sha256 },
    ...{ text, inputIds, position, tokenId, distances },
    neighborIds: neighbors.ids[position],
    cosines: neighbors.cosines[position],
  }
}

interface OtherFixture {
  readonly models: Readonly<Record<string, ForeignReference>>
}

/**
 * Writes a model of training/make_onnx.py as a folder, with words that spell its ids.
 *
 * @param folders where to make it
 * @param file in fixtures/onnx
 * @param name that the file has in the folder
 */
export function otherCase(folders: string, model: string, file: string, name: string): ModelCase {
  const reference = jsonOf<OtherFixture>('onnx/reference.json').models[model]
  const { config, inputIds, vocabularySize, substitution, neighbors } = reference
  const folder = join(folders, file)
  mkdirSync(folder)
  cpSync(fixture(`onnx/${file}`), join(folder, name))
  const vocab = Object.fromEntries(Array.from({ length: vocabularySize }, (_, id) => [`w${id}`, id]))
  const tokenizer = {
    ...{ version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null },
    ...{ pre_tokenizer: { type: 'WhitespaceSplit' }, post_processor: null, decoder: null },
    model: {
      ...{ type: 'WordPiece', unk_token: 'w0', continuing_subword_prefix: '##' },
      ...{ max_input_chars_per_word: 100, vocab },
    },
  }
  const files = {
    config,
    tokenizer,
    tokenizer_config: { tokenizer_class: 'PreTrainedTokenizerFast', unk_token: 'w0' },
  }
  for (const [part, json] of Object.entries(files)) {
    writeFileSync(join(folder, `${part}.json`), JSON.stringify(json))
  }
  const { position, tokenId, byPosition } = substitution
  return {
    folder,
    sha256: createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex'),
    text: inputIds.map((id) => `w${id}`).join(' '),
    ...{ inputIds, position, tokenId },
    distances: byPosition.map((row) => Math.hypot(...row)),
    neighborIds: neighbors.ids[position],
    cosines: neighbors.cosines[position],
  }
}

/** Opens the folder in an open page, by a link to a session of it, and compares. The Models view was shown before. */
export async function expectModelCase(page: Page, expected: ModelCase): Promise<void> {
  const { folder, sha256, text, inputIds, position, tokenId, distances, neighborIds, cosines } = expected
  const id = `./${basename(folder)}`
  await page.evaluate(
    (hash) => {
      location.hash = hash
    },
    linkOf([[text], id, sha256, position, tokenId]),
  )
  await expect(page.getByRole('status').filter({ hasText: 'This session was made with' })).toContainText(id)
  await page.getByLabel('Model folder').setInputFiles(folder)
  await expect(modelLine(page)).toContainText(`${id} `)
  // The curve of the former model stays until the new one's comes.
  await expect(announcement(page)).toContainText('distance')
  await expectListed(page)
  expect(await layerTable(page), id).toHaveLength(distances.length)
  const found = await exportedJson(page)
  expect(found.model).toMatchObject({ id, sha256 })
  expect(found.tokens.map(({ id }) => id)).toEqual(inputIds)
  for (const [layer, { distance }] of found.layers.entries()) {
    expect(Math.abs(distance / distances[layer] - 1), `D_${layer} of ${id}`).toBeLessThan(RELATIVE)
  }
  const save = () => page.getByRole('button', { name: 'Neighbours as CSV' }).click()
  const rows = csvParse(await downloadText(page, save))
  // The table may leave out special tokens.
  const shown = neighborIds.filter((wanted) => rows.some((row) => Number(row.token_id) === wanted))
  expect(shown.length, `neighbours of ${id}`).toBeGreaterThan(1)
  expect(rows.slice(0, shown.length).map((row) => Number(row.token_id))).toEqual(shown)
  for (const wanted of shown) {
    const cosine = Number(rows.find((row) => Number(row.token_id) === wanted)?.cosine)
    expect(Math.abs(cosine - cosines[neighborIds.indexOf(wanted)]), id).toBeLessThan(RELATIVE)
  }
}
