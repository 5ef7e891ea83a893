import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import { chooseFiles } from './chooseFiles'
import { isOnnxFile } from './chooseOnnxFiles'
import { localFolder } from './localFolder'
import type { ModelFolder } from './modelFolder'

const SMALL = ['config.json', 'tokenizer.json', '.gitattributes', 'README.md']
const CONFIG = JSON.stringify({ model_type: 'bert' })

/** Returns the files of a host that lists them, where reading costs. */
function listed(paths: readonly string[], contents: Readonly<Record<string, string>> = {}): ModelFolder {
  const files = paths.map((path) => ({
    path,
    blob: new Blob([contents[path] ?? (path.endsWith('config.json') ? CONFIG : 'x')]),
  }))
  return { ...localFolder('owner/name', files), local: false }
}

const choose = (...paths: string[]) => chooseFiles(listed([...SMALL, ...paths]))
const weightsOf = async (...paths: string[]) => {
  const { format, weights } = await choose(...paths)
  return [format, ...weights.map(({ path }) => path)]
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('nothing was refused')
    },
    (thrown: unknown) => failureOf(thrown),
  )

describe('the files of a model that are fetched', () => {
  it.each<[string[], string[]]>([
    [
      ['pytorch_model.bin', 'model.safetensors', 'tf_model.h5'],
      ['safetensors', 'model.safetensors'],
    ],
    [
      ['model-00002-of-00002.safetensors', 'pytorch_model.bin', 'model-00001-of-00002.safetensors'],
      ['safetensors', 'model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'],
    ],
    [
      ['model-00001-of-00002.safetensors', 'pytorch_model.bin'],
      ['torch', 'pytorch_model.bin'],
    ],
    [
      ['pytorch_model-00001-of-00001.bin', 'training_args.bin'],
      ['torch', 'pytorch_model-00001-of-00001.bin'],
    ],
    [
      ['onnx/model.onnx', 'onnx/model.onnx_data'],
      ['onnx', 'onnx/model.onnx', 'onnx/model.onnx_data'],
    ],
  ])('of %j are %j', async (paths, expected) => {
    expect(await weightsOf(...paths)).toEqual(expected)
  })

  it('name ONNX graphs with their data', () => {
    const onnx = ['onnx/model.onnx', 'onnx/model.onnx_data', 'onnx/model_fp16.onnx', 'model.onnx.data']
    expect([...onnx, '../model.onnx', 'model.safetensors'].filter(isOnnxFile)).toEqual(onnx)
  })

  it.each<[string[], RegExp, RegExp]>([
    [['tf_model.h5', 'flax_model.msgpack'], /only tf_model\.h5, flax_model\.msgpack/, /save_pretrained/],
    [[], /it has none/, /model\.safetensors/],
    [['adapter_config.json', 'adapter_model.safetensors'], /is an adapter/, /merge_and_unload/],
    [Array.from({ length: 9 }, (_, i) => `q${i}.gguf`), /q3\.gguf and 5 more/, /Read are/],
  ])('are refused with the reason: %j', async (paths, message, advice) => {
    expect(await refusal(choose(...paths))).toMatchObject({
      kind: 'unsupported-model',
      message: expect.stringMatching(message),
      advice: expect.stringMatching(advice),
    })
  })

  it.each<[string[], RegExp]>([
    [['tokenizer.json', 'model.safetensors'], /no config\.json/],
    [
      ['config.json', 'model.safetensors', 'vocab.csv'],
      /no tokenizer\.json, and no files of a slow tokenizer/,
    ],
    [['config.json', 'model.safetensors'], /no tokenizer\.json, and no files of a slow tokenizer/],
  ])('are refused where one is missing: %j', async (paths, message) => {
    expect((await refusal(chooseFiles(listed(paths)))).message).toMatch(message)
  })

  it.each([
    [['vocab.txt', 'added_tokens.json'], ['vocab.txt']],
    [
      ['merges.txt', 'vocab.json'],
      ['vocab.json', 'merges.txt'],
    ],
    [['spiece.model'], ['spiece.model']],
  ])('are those of a slow tokenizer where tokenizer.json is missing: %j', async (paths, vocabulary) => {
    const choice = await chooseFiles(listed(['config.json', 'model.safetensors', ...paths]))
    expect(choice.tokenizer).toBeNull()
    expect(choice.vocabulary.map(({ path }) => path)).toEqual(vocabulary)
    const fast = await chooseFiles(listed(['config.json', 'model.safetensors', 'tokenizer.json', ...paths]))
    expect(fast.vocabulary).toEqual([])
  })
})

describe('shards', () => {
  const index = (...shards: string[]) =>
    JSON.stringify({ metadata: {}, weight_map: Object.fromEntries(shards.map((name, i) => [`t${i}`, name])) })
  const INDEX = 'model.safetensors.index.json'
  const indexed = (shards: readonly string[], present: readonly string[] = shards) =>
    chooseFiles(listed([...SMALL, INDEX, ...present], { [INDEX]: index(...shards) }))

  it.each([
    [['model-00001-of-000002.safetensors', 'model-00002-of-000002.safetensors']],
    [['b.safetensors', 'a.safetensors', 'b.safetensors']],
    [['weights/one.safetensors', 'weights/two.safetensors']],
  ])('are those that the index file names, whatever they are called: %j', async (shards) => {
    const { format, weights } = await indexed(shards)
    expect(format).toBe('safetensors')
    expect(weights.map(({ path }) => path)).toEqual([...new Set(shards)].sort())
  })

  it('of torch are named by an index file too', async () => {
    const name = 'pytorch_model.bin.index.json'
    const folder = listed([...SMALL, name, 'x1.bin', 'x2.bin'], { [name]: index('x2.bin', 'x1.bin') })
    const { format, weights } = await chooseFiles(folder)
    expect([format, ...weights.map(({ path }) => path)]).toEqual(['torch', 'x1.bin', 'x2.bin'])
  })

  it('that are missing are named', async () => {
    expect(await refusal(indexed(['a.safetensors', 'b.safetensors'], ['a.safetensors']))).toMatchObject({
      kind: 'missing-file',
      message: `${INDEX} names the shard b.safetensors, which is not there.`,
    })
  })

  it.each(['../x.safetensors', '/etc/x.safetensors', 'a/../../x', 'https://example.org/x', 'a\\..\\x'])(
    'outside of the folder are never read: %s',
    async (name) => {
      expect(await refusal(indexed([name]))).toMatchObject({ kind: 'damaged-file' })
    },
  )

  it.each(['{', '[]', '{"weight_map": 3}', '{"weight_map": {"a": 3}}', '{"weight_map": {}}'])(
    'by an index file that is none are refused: %s',
    async (json) => {
      const folder = listed([...SMALL, INDEX, 'a.safetensors'], { [INDEX]: json })
      expect(await refusal(chooseFiles(folder))).toMatchObject({ kind: 'damaged-file' })
    },
  )
})

describe('the folder of the model', () => {
  const model = (folder: string) =>
    ['config.json', 'tokenizer.json', 'model.safetensors'].map((name) => folder + name)
  const baseOf = async (paths: readonly string[], contents = {}, below = true) =>
    (await chooseFiles(listed(paths, contents), { below })).base

  it('is the one that was named where it holds a model, whatever lies below', async () => {
    expect(await baseOf([...model(''), ...model('checkpoint-500/'), ...model('checkpoint-1000/')])).toBe('')
  })

  it('is the only one below, and never one of several', async () => {
    expect(await baseOf(['README.md', ...model('snapshots/abc/')])).toBe('snapshots/abc/')
    const several = [
      ...model('checkpoint-500/'),
      ...model('checkpoint-1500/'),
      'config.json',
      'trainer_state.json',
    ]
    expect(await refusal(baseOf(several))).toMatchObject({
      kind: 'missing-file',
      advice:
        'It holds 2 models, each in a folder of its own: checkpoint-500, checkpoint-1500. Name one of them.',
    })
    expect(await refusal(baseOf(model('inside/'), {}, false))).toMatchObject({
      advice: 'It holds a model in a folder of its own: inside. Name that.',
    })
  })

  it.each(['0_Transformer', '0_BERT'])('is %s of an older model of Sentence-Transformers', async (name) => {
    const modules = JSON.stringify([
      { idx: 0, name: '0', path: name, type: 'sentence_transformers.models.Transformer' },
      { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
    ])
    const contents = { 'modules.json': modules, 'config.json': '{"__version__": "0.3.8"}' }
    const paths = ['config.json', 'modules.json', '1_Pooling/config.json', ...model(`${name}/`)]
    expect(await baseOf(paths, contents, false)).toBe(`${name}/`)
    expect(await baseOf(paths.slice(1), contents, false)).toBe(`${name}/`)
  })

  it('of a newer one is the folder itself', async () => {
    const modules = JSON.stringify([
      { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
      { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
    ])
    expect(
      await baseOf([...model(''), 'modules.json', '1_Pooling/config.json'], { 'modules.json': modules }),
    ).toBe('')
  })
})

describe('what is no model', () => {
  const dropped = (files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>) =>
    refusal(
      chooseFiles(
        localFolder(
          './dropped',
          Object.entries(files).map(([path, content]) => ({ path, blob: new Blob([content]) })),
        ),
      ),
    )

  it.each<[Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>, RegExp]>([
    [{ 'llama.Q4_K_M.gguf': 'GGUF' }, /llama\.Q4_K_M\.gguf is a GGUF file/],
    [{ weights: 'GGUF\x03\0\0\0' }, /weights is a GGUF file/],
    [{ 'bert.zip': 'PK' }, /bert\.zip is an archive/],
    [{ 'bert.tar.gz': 'x' }, /bert\.tar\.gz is an archive/],
    [{ 'a/b.tgz': 'x', 'a/README.md': 'x' }, /b\.tgz is an archive/],
    [{ 'cat.jpeg': 'x' }, /cat\.jpeg is a picture/],
    [{ image: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d]) }, /image is a picture/],
    [{ 'tf_model.h5': 'x', 'vocab.txt': 'x' }, /tf_model\.h5 is a file of TensorFlow or Keras/],
    [{ 'model.safetensors': 'x' }, /model\.safetensors holds weights alone/],
    [{ 'page.html': '<!DOCTYPE html>' }, /page\.html is a web page/],
    [
      {
        'adapter_config.json': '{"base_model_name_or_path": "google/gemma-2b"}',
        'adapter_model.safetensors': 'x',
      },
      /is an adapter \(PEFT\).*google\/gemma-2b/,
    ],
    [{ 'notes.txt': 'x', 'b.py': 'x' }, /There is no config\.json in \.\/dropped/],
  ])('is named: %j', async (files, message) => {
    expect((await dropped(files)).message).toMatch(message)
  })
})
