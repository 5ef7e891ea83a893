import { createHash } from 'node:crypto'
import { cpSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { zipSync } from 'fflate'
import { violations } from './support/axe'
import {
  announcement,
  chooseToken,
  curvePanel,
  exportedJson,
  layerTable,
  modelLine,
  openLive,
  paste,
  substituteRows,
  tokens,
  typeSubstitute,
} from './support/explore'
import { expectVisibleFocus, tabTo } from './support/keyboard'
import { linkOf } from './support/link'
import { expect } from './support/page'
import { test } from './support/tinySite'

interface Reference {
  readonly model: { readonly sha256: string }
  readonly cases: readonly {
    readonly text: string
    readonly truncated: boolean
    readonly substitution: {
      readonly position: number
      readonly tokenId: number
      readonly distances: readonly number[]
    }
  }[]
}

const folderOf = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const jsonOf = <T>(name: string, file: string) =>
  JSON.parse(readFileSync(join(folderOf(name), file), 'utf8')) as T

const models = (page: Page) => page.locator('main#models')
const openName = (page: Page) => models(page).locator('.model-name')

async function showModels(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Models', exact: true }).click()
  await expect(models(page)).toBeVisible()
}

/** Finds the offer above every view: a session waits for its model. */
const offer = (page: Page) => page.locator('.model-offer')
const FETCH = /^Fetch .* and open$/

async function expectFocusInModels(page: Page): Promise<void> {
  await expect(models(page).locator(':focus')).toHaveCount(1)
  await expectVisibleFocus(page)
}

const pickFolder = (page: Page, name: string) => page.getByLabel('Model folder').setInputFiles(folderOf(name))

interface Dropped {
  readonly name: string
  readonly bytes: Buffer
}

/** Drops loose files on Models, or on another view. */
async function drop(page: Page, files: readonly Dropped[], on = 'main#models'): Promise<void> {
  const transfer = await page.evaluateHandle(
    (entries) => {
      const data = new DataTransfer()
      for (const [name, base64] of entries) {
        const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
        data.items.add(new File([content], name))
      }
      return data
    },
    files.map(({ name, bytes }) => [name, bytes.toString('base64')]),
  )
  await page.dispatchEvent(on, 'dragover', { dataTransfer: transfer })
  await page.dispatchEvent(on, 'drop', { dataTransfer: transfer })
}

const filesOf = (name: string): Dropped[] =>
  ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'].map((file) => ({
    name: file,
    bytes: readFileSync(join(folderOf(name), file)),
  }))

async function expectDistances(page: Page, expected: readonly number[]): Promise<void> {
  const { layers } = await exportedJson(page)
  expect(layers).toHaveLength(expected.length)
  for (const [layer, { distance }] of layers.entries()) {
    expect(Math.abs(distance / expected[layer] - 1), `D_${layer}`).toBeLessThan(1e-4)
  }
}

/** Returns a safetensors file of this header alone. */
function safetensorsOf(header: object, headerBytes?: bigint): Buffer {
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(headerBytes ?? BigInt(text.length))
  return Buffer.concat([length, text, Buffer.alloc(48)])
}

/** Returns weights files that somebody built to do harm, each with the message about it. */
function hostileWeights(): readonly (readonly [file: string, bytes: Buffer, reason: RegExp])[] {
  const fixture = (path: string) => readFileSync(folderOf(path))
  const tensor = { dtype: 'F32', shape: [6], data_offsets: [0, 24] }
  const bomb = zipSync({ 'm/data.pkl': new Uint8Array(100e6) }, { level: 9 })
  const outside = fixture('onnx/bert.external.onnx').toString('latin1')
  return [
    ['pytorch_model.bin', fixture('torch/calls-system.bin'), /asks Python for posix\.system/],
    ['pytorch_model.bin', Buffer.from(bomb), /more than 16777216 are not read/],
    ['model.safetensors', safetensorsOf({ tensor }, 2n ** 31n), /2147483648 bytes/],
    [
      'model.safetensors',
      safetensorsOf({ tensor: { ...tensor, shape: [2 ** 40, 2 ** 40] } }),
      /does not fill its 24 bytes/,
    ],
    ['model.safetensors', safetensorsOf({ tensor, other: { ...tensor, data_offsets: [20, 44] } }), /overlap/],
    [
      'model.onnx',
      Buffer.from(outside.replaceAll('bert.external.onnx_data', '../t.external.onnx_data'), 'latin1'),
      /outside the model's own files/,
    ],
  ]
}

for (const [name, head] of [
  ['tiny-modernbert', 'LABEL_0'],
  ['tiny-gpt2', 'LABEL_0'],
] as const) {
  test(`a link made with the folder ${name} waits for it, and then gives transformers' numbers`, async ({
    page,
    tinySite,
  }) => {
    const { model, cases } = jsonOf<Reference>(name, 'reference.json')
    const whole = cases.find(({ truncated }) => !truncated)
    if (!whole) throw new TypeError('every case is truncated')
    const { text, substitution } = whole
    const { position, tokenId, distances } = substitution
    await openLive(page, linkOf([[text], `./${name}`, model.sha256, position, tokenId]), tinySite)
    await expect(tokens(page)).toHaveText(text)
    await expect(offer(page)).toContainText(`./${name} (sha256 ${model.sha256.slice(0, 8)})`)
    await offer(page).getByRole('button', { name: 'Go to Models' }).click()
    await pickFolder(page, name)
    await expect(modelLine(page)).toContainText(`./${name}`)
    await expect(offer(page)).toHaveCount(0)
    // The session's own view and change.
    await expect(curvePanel(page)).toBeVisible()
    await expect.poll(async () => (await layerTable(page)).length).toBe(distances.length)
    await expectDistances(page, distances)
    await showModels(page)
    await expect(openName(page)).toHaveText(`./${name}`)
    const facts = models(page).locator('dl.facts')
    await expect(facts).toContainText(model.sha256)
    await expect(facts).toContainText(head)
    await expect(facts).toContainText('safetensors · fp32 weights, fp32 compute')
  })
}

test('dropped files open, a click draws the curve, and what cannot be opened leaves them open', {
  tag: '@quick',
}, async ({ page, tinySite }) => {
  const name = 'tiny-distilbert'
  const { cases } = jsonOf<Reference>(name, 'reference.json')
  const [{ text, substitution }] = cases
  const { vocab } = jsonOf<{ model: { vocab: Record<string, number> } }>(name, 'tokenizer.json').model
  const word = (wanted: number) => Object.keys(vocab).find((token) => vocab[token] === wanted) ?? ''
  await openLive(page, '', tinySite)
  // On Explore, where a review could be dropped too.
  await drop(page, filesOf(name), 'main#main')
  await expect(openName(page)).toHaveText('./model.safetensors')
  await models(page).getByRole('button', { name: 'Explore with it' }).click()
  await paste(page, text)
  const { position, tokenId, distances } = substitution
  await chooseToken(page, position)
  await expect(substituteRows(page).first()).toBeVisible()
  await typeSubstitute(page, word(tokenId))
  await expect(announcement(page)).toContainText(word(tokenId))
  await expect(announcement(page)).toContainText('distance')
  await expectDistances(page, distances)

  await showModels(page)
  const damaged = filesOf('tiny-roberta').map((file) =>
    file.name === 'model.safetensors' ? { ...file, bytes: file.bytes.subarray(0, 4000) } : file,
  )
  await drop(page, damaged)
  const refusal = models(page).getByRole('alert')
  await expect(refusal).toContainText('was not opened')
  await expect(refusal).toContainText('./model.safetensors is still open')
  await drop(page, filesOf('tiny-roberta').slice(1))
  await expect(refusal).toContainText('no config.json')
  const [config, tokenizer, tokenizerConfig] = filesOf(name)
  for (const [file, bytes, reason] of hostileWeights()) {
    await drop(page, [config, tokenizer, tokenizerConfig, { name: file, bytes }])
    await expect(refusal).toContainText(reason)
    await expect(refusal).toContainText('./model.safetensors is still open')
  }
  await expect(openName(page)).toHaveText('./model.safetensors')
  await page.getByRole('button', { name: 'Explore', exact: true }).click()
  await expectDistances(page, distances)
})

test('of a folder with several checkpoints none is taken unsaid: the page asks which, and names the one that is open', async ({
  page,
  tinySite,
}, testInfo) => {
  const run = testInfo.outputPath('run')
  for (const checkpoint of ['checkpoint-500', 'checkpoint-1500']) {
    cpSync(folderOf('tiny-electra'), `${run}/${checkpoint}`, { recursive: true })
  }
  await openLive(page, '', tinySite)
  await showModels(page)
  await models(page).getByLabel('Model folder').setInputFiles(run)
  const refusal = models(page).getByRole('alert')
  await expect(refusal).toContainText(
    '2 models, each in a folder of its own: checkpoint-500, checkpoint-1500',
  )
  await expect(openName(page)).toHaveText('tiny-bert')
  await refusal.getByRole('button', { name: 'Open run/checkpoint-1500' }).click()
  await expect(openName(page)).toHaveText('./run/checkpoint-1500')
})

/** Answers for a folder at an address in its host's place. */
async function standInForFolder(page: Page, address: string, name: string): Promise<string[]> {
  const asked: string[] = []
  const files = filesOf(name)
  await page.route(`${address}**`, async (route) => {
    const request = route.request()
    asked.push(`${request.method()} ${request.url().slice(address.length)}`)
    const file = files.find((one) => request.url() === `${address}${one.name}`)
    if (file) {
      const headers = { 'content-length': String(file.bytes.length) }
      const body = request.method() === 'HEAD' ? undefined : file.bytes
      await route.fulfill({ headers, contentType: 'application/octet-stream', body })
    } else await route.fulfill({ status: 404, body: '' })
  })
  return asked
}

test.describe('a model at an address', () => {
  test.use({ allowedProblems: [/status of 404/] })

  test('is offered by a link, asked for its size, fetched; typed, it is looked up, and refused on another host', async ({
    page,
    tinySite,
  }) => {
    const { model, cases } = jsonOf<Reference>('tiny-albert', 'reference.json')
    const [{ text, substitution }] = cases
    const { position, tokenId, distances } = substitution
    const address = `${tinySite}models/mine/`
    const asked = await standInForFolder(page, address, 'tiny-albert')
    await openLive(page, linkOf([[text], address, model.sha256, position, tokenId]), tinySite)
    await expect(offer(page)).toContainText(`a model at an address: ${address}`)
    expect(asked).toEqual([])
    await offer(page)
      .getByRole('button', { name: `Ask ${new URL(tinySite).host} for its size` })
      .click()
    const weights = statSync(join(folderOf('tiny-albert'), 'model.safetensors')).size
    await expect(offer(page).getByRole('row', { name: /^model\.safetensors/ })).toContainText(
      `${(weights / 1e3).toFixed(1)} kB`,
    )
    expect(asked.filter((request) => request.startsWith('GET'))).toEqual(['GET config.json'])
    expect(await violations(page, '.model-offer')).toEqual([])
    await offer(page).getByRole('button', { name: FETCH }).click()
    await expect(modelLine(page)).toContainText(address)
    await expect(offer(page)).toHaveCount(0)
    await expect(curvePanel(page)).toBeVisible()
    await expect.poll(async () => (await layerTable(page)).length).toBe(distances.length)
    await expectDistances(page, distances)

    await showModels(page)
    await models(page).getByRole('button', { name: 'Open the built-in model' }).click()
    await expect(openName(page)).toHaveText('tiny-bert')
    await models(page).getByText('From an address on this page’s own host').click()
    const form = models(page).locator('details')
    const typed = models(page).getByLabel('Address of the folder')
    await typed.fill('https://elsewhere.example/model/')
    await form.getByRole('button', { name: 'Look it up' }).click()
    await expect(form.getByRole('alert')).toContainText('Content-Security-Policy')
    await typed.fill('models/mine')
    await expect(models(page).getByRole('alert')).toHaveCount(0)
    await form.getByRole('button', { name: 'Look it up' }).click()
    await form.getByRole('button', { name: FETCH }).click()
    await expect(openName(page)).toHaveText(address)
  })
})

const HUB = 'https://huggingface.co'

/** Answers with the hub's listing and files of one model, in place of the hub. */
async function standInForHub(page: Page, id: string, name: string): Promise<string[]> {
  const asked: string[] = []
  const files = filesOf(name).map((file) => {
    const sha1 = createHash('sha1').update(`blob ${file.bytes.length}\0`).update(file.bytes).digest('hex')
    const sha256 = createHash('sha256').update(file.bytes).digest('hex')
    const lfs = file.name.endsWith('.safetensors') ? { sha256, size: file.bytes.length } : null
    return { ...file, listed: { rfilename: file.name, size: file.bytes.length, blobId: sha1, lfs } }
  })
  const headers = { 'access-control-allow-origin': '*' }
  await page.route(`${HUB}/**`, async (route) => {
    const { pathname } = new URL(route.request().url())
    asked.push(pathname)
    const file = files.find((one) => pathname.endsWith(`/${one.name}`))
    if (pathname === `/api/models/${id}/revision/main`) {
      const siblings = files.map(({ listed }) => listed)
      await route.fulfill({ headers, json: { id, sha: 'a'.repeat(40), gated: false, siblings } })
    } else if (file)
      await route.fulfill({ headers, contentType: 'application/octet-stream', body: file.bytes })
    else await route.fulfill({ status: 404, headers, body: '' })
  })
  return asked
}

test.describe('a model of the hub', () => {
  test.use({ allowedProblems: [/status of 404/] })

  test('is offered by a link with its size, whatever is typed; then by keyboard: opened, deleted, looked up, fetched', async ({
    page,
    tinySite,
    origins,
  }) => {
    const { keyboard } = page
    origins.add(HUB)
    const id = 'owner/electra'
    const asked = await standInForHub(page, id, 'tiny-electra')
    const { model, cases } = jsonOf<Reference>('tiny-electra', 'reference.json')
    const [{ text, substitution }] = cases
    const link = linkOf([[text], id, model.sha256, substitution.position, substitution.tokenId])
    const name = models(page).getByLabel('Model', { exact: true })
    const lookUp = models(page)
      .getByRole('region', { name: 'From the Hugging Face hub' })
      .getByRole('button', { name: 'Look it up' })
    const kept = models(page).getByRole('listitem').filter({ hasText: id })
    const openBuiltIn = models(page).getByRole('button', { name: 'Open the built-in model' })
    const said = models(page).getByRole('status')

    await test.step('a link', async () => {
      await openLive(page, link, tinySite)
      await expect(offer(page)).toContainText(`a model of the Hugging Face hub: ${id}`)
      await showModels(page)
      await expect(models(page)).toContainText('Nothing yet.')
      expect(asked).toEqual([])
      await name.fill('owner/nothing')
      await lookUp.click()
      await expect(models(page).getByRole('alert')).toContainText('no such model, or it is private')
      await offer(page).getByRole('button', { name: 'Ask huggingface.co for its size' }).click()
      const files = offer(page).getByRole('table', { name: 'Files to fetch' })
      await expect(files).toContainText(/model\.safetensors\s*128\.0 kB/)
      expect(asked.filter((path) => path.includes('safetensors'))).toEqual([])
      await offer(page).getByRole('button', { name: FETCH }).click()
      await expect(modelLine(page)).toContainText(id)
      await expect(offer(page)).toHaveCount(0)
      await expect(curvePanel(page)).toBeVisible()
      await expect.poll(async () => (await layerTable(page)).length).toBe(substitution.distances.length)
      await expectDistances(page, substitution.distances)
    })

    await test.step('the kept one gives way to the built-in one, and is opened without asking the hub', async () => {
      await tabTo(page, page.getByRole('button', { name: 'Models', exact: true }), 'Shift+Tab')
      await keyboard.press('Enter')
      await expect(models(page).locator('dl.facts')).toContainText('a'.repeat(40))
      await expect(kept).toContainText('open now')
      await tabTo(page, openBuiltIn)
      await keyboard.press('Enter')
      await expect(openName(page)).toHaveText('tiny-bert')
      await expect(said.filter({ hasText: 'tiny-bert is open.' })).toHaveCount(1)
      await expectFocusInModels(page)
      const fetched = asked.length
      await tabTo(page, kept.getByRole('button', { name: `Open ${id}` }), 'Shift+Tab')
      await keyboard.press('Enter')
      await expect(openName(page)).toHaveText(id)
      await expectFocusInModels(page)
      expect(asked.slice(fetched)).toEqual([])
    })

    await test.step('deleted, after a second thought', async () => {
      const remove = kept.getByRole('button', { name: `Delete ${id}…` })
      await expect(remove).toBeFocused()
      await keyboard.press('Enter')
      await expect(kept.getByRole('button', { name: 'Keep' })).toBeFocused()
      await keyboard.press('Enter')
      await expect(remove).toBeFocused()
      await keyboard.press('Enter')
      await tabTo(page, kept.getByRole('button', { name: 'Delete', exact: true }), 'Shift+Tab')
      await keyboard.press('Enter')
      await expect(models(page)).toContainText('Nothing yet.')
      await expectFocusInModels(page)
    })

    await test.step('looked up, fetched and opened', async () => {
      await tabTo(page, openBuiltIn)
      await keyboard.press('Enter')
      await expect(openName(page)).toHaveText('tiny-bert')
      await tabTo(page, name)
      await keyboard.press('ControlOrMeta+a')
      await keyboard.type(id)
      await keyboard.press('Enter')
      await expect(said.filter({ hasText: `${id}: 4 files, 137.4 kB.` })).toHaveCount(1)
      await expect(name).toBeFocused()
      await tabTo(page, models(page).getByRole('button', { name: 'Not now' }))
      await keyboard.press('Enter')
      await expect(lookUp).toBeFocused()
      await keyboard.press('Enter')
      await tabTo(page, models(page).getByRole('button', { name: FETCH }))
      await keyboard.press('Enter')
      await expect(openName(page)).toHaveText(id)
      await expect(said.filter({ hasText: `${id} is open.` })).toHaveCount(1)
      await expect(lookUp).toBeFocused()
      await expect(kept).toContainText('open now')
      await tabTo(page, models(page).getByRole('button', { name: 'Explore with it' }), 'Shift+Tab')
      await keyboard.press('Enter')
      await expect(page.getByRole('button', { name: 'Explore', exact: true })).toBeFocused()
    })

    await test.step('it comes back after a reload, and nobody is asked', async () => {
      const before = asked.length
      await page.reload()
      await expect(modelLine(page)).toContainText(id)
      await expect(offer(page)).toHaveCount(0)
      expect(asked.slice(before)).toEqual([])
    })

    await test.step('beside the built-in one it comes back after a reload, and nobody is asked', async () => {
      await showModels(page)
      await openBuiltIn.click()
      await expect(openName(page)).toHaveText('tiny-bert')
      await page.getByRole('button', { name: 'Explore', exact: true }).click()
      await page.getByRole('button', { name: 'Compare with…' }).click()
      await page
        .getByRole('dialog')
        .getByRole('button', { name: `Open ${id}` })
        .click()
      const comparison = page.getByRole('region', { name: 'Side by side', exact: true })
      await expect(comparison).toContainText(`${id}: electra`)
      const before = asked.length
      await page.reload()
      await expect(comparison).toContainText(`${id}: electra`)
      expect(asked.slice(before)).toEqual([])
    })
    origins.delete(HUB)
  })
})
