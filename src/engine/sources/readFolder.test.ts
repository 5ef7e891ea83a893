import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import { checkDescription } from '../checkDescription'
import { familyFile } from '../familyFixture'
import { localFolder } from './localFolder'
import type { ModelFolder } from './modelFolder'
import { readFolder } from './readFolder'

const bytesOf = (name: string) => new Uint8Array(readFileSync(familyFile('tiny-bert', name)))
const MODEL = Object.fromEntries(
  ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'].map((name) => [
    name,
    bytesOf(name),
  ]),
)
const CONFIG = JSON.parse(new TextDecoder().decode(MODEL['config.json']))
const pointer = (size: number) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize ${size}\n`

type Files = Readonly<Record<string, Uint8Array<ArrayBuffer> | string>>

/** Returns a folder that is not local and records what is read of its weights. */
function remote(changes: Files) {
  const files = Object.entries({ ...MODEL, ...changes }).map(([path, content]) => ({
    path,
    blob: new Blob([content]),
  }))
  const local = localFolder('owner/name', files)
  const read: string[] = []
  const folder: ModelFolder = {
    ...local,
    local: false,
    read: (file, options) => {
      if (/safetensors|bin/.test(file.path)) read.push(options?.range?.join('-') ?? 'whole')
      return local.read(file, options)
    },
  }
  return { folder, read }
}

const reasonOf = (work: Promise<unknown>) => work.then(() => null, failureOf)
const json = (value: unknown) => JSON.stringify(value)

describe('a model that cannot be opened is refused before its weights are fetched', () => {
  it.each<[string, Files, RegExp, string[]]>([
    ['its family is not read', { 'config.json': json({ ...CONFIG, model_type: 't5' }) }, /t5/, []],
    ['its tokenizer is none', { 'tokenizer.json': '{"model": {"type": "Nothing"}}' }, /./, []],
    [
      'its config says another width',
      { 'config.json': json({ ...CONFIG, hidden_size: 64 }) },
      /shape/,
      ['0-65536'],
    ],
    [
      'its config says more layers',
      { 'config.json': json({ ...CONFIG, num_hidden_layers: 9 }) },
      /no tensor/,
      ['0-65536'],
    ],
    [
      'its weights are a pickle',
      { 'model.safetensors': Uint8Array.of(0x80, 2, 0x7d, 0x71, 0, 0x2e) },
      /model\.safetensors is no safetensors but a pickle/,
      ['0-6'],
    ],
    [
      'its weights are a zip archive',
      { 'model.safetensors': 'PK\x03\x04and so on' },
      /model\.safetensors is no safetensors but a zip archive/,
      ['0-13'],
    ],
    [
      'its weights are a web page',
      { 'model.safetensors': `<!DOCTYPE html>${' '.repeat(99_999)}` },
      /web page/,
      ['0-65536'],
    ],
    [
      'its weights are a pointer',
      { 'model.safetensors': pointer(438_000_000) },
      /git-lfs pointer.*438000000/,
      ['0-130'],
    ],
  ])('where %s', async (_, changes, message, asked) => {
    const { folder, read } = remote(changes)
    expect((await reasonOf(readFolder(folder, { check: checkDescription })))?.message).toMatch(message)
    expect(read.map((range) => range.replace(/^0-13\d$/, '0-130'))).toEqual(asked)
  })

  it.each([
    ['pickle', Uint8Array.of(0x80, 2, 0x8a, 0x0a, 0x6c)],
    ['zip archive', 'PK\x03\x04and so on'],
  ])(
    'where a %s of torch has the name of safetensors, with the name under which it is read',
    async (_, weights) => {
      const { folder } = remote({ 'model.safetensors': weights })
      expect((await reasonOf(readFolder(folder, { check: checkDescription })))?.advice).toMatch(
        /pytorch_model\.bin/,
      )
    },
  )

  it('and one that can is read whole after its header', async () => {
    const { folder, read } = remote({})
    const files = await readFolder(folder, { check: checkDescription })
    expect(files.weights.size).toBe(MODEL['model.safetensors'].length)
    expect(read).toEqual(['0-65536', 'whole'])
  })
})

describe('a folder of this machine', () => {
  const open = (changes: Files) =>
    readFolder(
      localFolder(
        './mine',
        Object.entries({ ...MODEL, ...changes }).map(([path, content]) => ({
          path,
          blob: new Blob([content]),
        })),
      ),
    )

  it.each([
    ['model.safetensors', /model\.safetensors is not the file itself but a git-lfs pointer for 9 bytes/],
    ['tokenizer.json', /tokenizer\.json is not the file itself but a git-lfs pointer/],
    ['config.json', /config\.json is not the file itself but a git-lfs pointer/],
  ])('says where git left a pointer for %s', async (name, message) => {
    const failure = await reasonOf(open({ [name]: pointer(9) }))
    expect(failure).toMatchObject({ kind: 'damaged-file', advice: expect.stringMatching(/git lfs pull/) })
    expect(failure?.message).toMatch(message)
  })

  it('says what its weights really are', async () => {
    expect((await reasonOf(open({ 'model.safetensors': 'GGUF\x03\0\0\0' })))?.message).toBe(
      'model.safetensors is a GGUF file (llama.cpp), whose weights are quantised in blocks.',
    )
  })

  it('says where git left a pointer for an ONNX file, and passes over one beside a file that is there', async () => {
    const onnx = new Uint8Array(readFileSync(familyFile('onnx', 'bert.slim.onnx')))
    const files = (found: Files) =>
      localFolder(
        './mine',
        Object.entries({
          'config.json': MODEL['config.json'],
          'tokenizer.json': MODEL['tokenizer.json'],
          ...found,
        }).map(([path, content]) => ({ path, blob: new Blob([content]) })),
      )
    const alone = await reasonOf(readFolder(files({ 'model.onnx': pointer(9) })))
    expect(alone?.message).toMatch(/model\.onnx is not the file itself but a git-lfs pointer/)
    const both = await readFolder(files({ 'model.onnx': pointer(9), 'other.onnx': onnx }))
    expect(both.weightsName).toBe('other.onnx')
  })

  it('offers the built-in vocabulary for a word table of its size, and takes another tokenizer where it is named', async () => {
    const alone = (config: object) =>
      localFolder('./mine', [
        { path: 'config.json', blob: new Blob([json(config)]) },
        { path: 'model.safetensors', blob: new Blob([MODEL['model.safetensors']]) },
      ])
    const other = await reasonOf(readFolder(alone(CONFIG)))
    expect(other).toMatchObject({ kind: 'unsupported-model', advice: expect.stringMatching(/Add the files/) })
    expect(other?.offer).toBeUndefined()
    const fitting = await reasonOf(readFolder(alone({ ...CONFIG, vocab_size: 30_522 })))
    expect(fitting).toMatchObject({ offer: 'built-in-vocabulary', advice: expect.stringMatching(/30522/) })
    const folder = localFolder(
      './tokenizer',
      ['tokenizer.json', 'tokenizer_config.json'].map((path) => ({ path, blob: new Blob([MODEL[path]]) })),
    )
    const files = await readFolder(alone(CONFIG), { tokenizerFrom: { name: 'owner/other', folder } })
    expect(files).toMatchObject({
      id: './mine+owner/other',
      tokenizerFrom: { name: 'owner/other', config: null },
    })
    expect(json(files.tokenizer)).toBe(json(JSON.parse(new TextDecoder().decode(MODEL['tokenizer.json']))))
  })

  it('takes JSON with a byte order mark', async () => {
    expect((await open({ 'tokenizer_config.json': '\uFEFF{"mask_token": "[M]"}' })).tokenizerConfig).toEqual({
      mask_token: '[M]',
    })
  })
})
