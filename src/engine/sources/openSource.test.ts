import { openAsBlob, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import { layerwiseDistances } from '../../core/measures/measurement'
import type { FilesSource, SourceFile } from '../../core/modelSource'
import { FOREIGN, foreignFile } from '../../onnx/foreign/foreignFixture'
import { FAMILY_FOLDERS, type FamilyFixture, familyFile, readFamilyJson } from '../familyFixture'
import { createNodeRuntime } from '../forward/nodeRuntime'
import { openModel } from '../openedModel'
import { openSource } from './openSource'

const FIXTURES = new URL('../../../fixtures/', import.meta.url)
const FOLDERS = readdirSync(FIXTURES).filter((name) => name.startsWith('tiny-'))

async function fileAt(url: URL, path: string): Promise<SourceFile> {
  return { path, blob: await openAsBlob(url) }
}

async function folder(name: string): Promise<FilesSource> {
  const names = readdirSync(new URL(name, FIXTURES))
  return {
    kind: 'files',
    name,
    files: await Promise.all(names.map((file) => fileAt(familyFile(name, file), file))),
  }
}

const text = (path: string, content: string): SourceFile => ({ path, blob: new Blob([content]) })

const read = (source: FilesSource) => openSource(source, () => undefined)

async function open(source: FilesSource) {
  return openModel(createNodeRuntime(1), await read(source))
}

const reasonOf = (source: FilesSource) =>
  open(source).then(
    () => null,
    (thrown: unknown) => failureOf(thrown),
  )

describe.each(FOLDERS)('the folder %s', (name) => {
  it('opens from its files, and states where its numbers come from', async () => {
    const model = await open(await folder(name))
    const { info } = model
    const { model_type } = readFamilyJson<{ model_type: string }>(name, 'config.json')
    expect(info).toMatchObject({
      id: `./${name}`,
      family: model_type,
      provenance: { modelId: `./${name}`, family: model_type, file: 'model.safetensors' },
      details: { format: 'safetensors', files: ['model.safetensors'], kept: true },
    })
    expect(info.provenance.precision).toMatch(/weights, fp32 compute$/)
    const { tokens } = model.tokenize('the film was good , but the end was bad .')
    expect(tokens.length).toBeGreaterThan(5)
    await model.release()
  })
})

describe.each(FAMILY_FOLDERS)('the family in %s', (name) => {
  it("gives transformers' D_l of a substitution", async () => {
    const { model: fixture, cases } = readFamilyJson<FamilyFixture>(name, 'reference.json')
    const model = await open(await folder(name))
    expect(model.info.provenance.sha256).toBe(fixture.sha256)
    expect(model.info.details?.causal).toBe(fixture.head === 'causal-lm')
    const [{ inputIds, substitution }] = cases
    const { position, tokenId } = substitution
    const measurement = await model.measure({ inputIds, substitutions: [{ position, tokenId }] })
    for (const [layer, { distance }] of layerwiseDistances(measurement).entries()) {
      expect(Math.abs(distance / substitution.distances[layer] - 1), `D_${layer}`).toBeLessThan(1e-4)
    }
    await model.release()
  })
})

describe('a folder with several kinds of weights', () => {
  it('is opened by its safetensors, below whatever folder they lie', async () => {
    const { files } = await folder('tiny-bert')
    const nested = files.map(({ path, blob }) => ({ path: `snapshots/abc/${path}`, blob }))
    const others = [text('README.md', ''), text('snapshots/abc/pytorch_model.bin', 'x')]
    expect(await read({ kind: 'files', name: 'both', files: [...others, ...nested] })).toMatchObject({
      format: 'safetensors',
      weightsName: 'model.safetensors',
    })
  })

  it('has one sha256 for all of its shards', async () => {
    const { files } = await folder('tiny-distilbert')
    const shard = (path: string, of: string) =>
      files.filter((file) => file.path === of).map(({ blob }) => ({ path, blob }))
    const rest = files.filter(({ path }) => path.endsWith('.json'))
    const shards = [
      ...shard('model-00001-of-00002.safetensors', 'model.safetensors'),
      ...shard('model-00002-of-00002.safetensors', 'masked-lm.safetensors'),
    ]
    const source: FilesSource = { kind: 'files', name: 'shards', files: [...rest, ...shards] }
    const model = await open(source)
    const { provenance, details } = model.info
    expect(details?.files).toEqual(['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'])
    expect(provenance.file).toBe('model-00001-of-00002.safetensors and 1 more')
    expect(provenance.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(provenance.sha256).not.toBe((await read(await folder('tiny-distilbert'))).sha256)
    await model.release()
    const [first] = shards
    expect(await reasonOf({ ...source, files: [...rest, first] })).toMatchObject({
      kind: 'unsupported-model',
    })
  })

  it('falls back to an ONNX file where the family of its weights is not read', async () => {
    const { files } = await folder('tiny-bert')
    const reference = FOREIGN.models.bert
    const config = {
      model_type: 'stranger',
      vocab_size: reference.vocabularySize,
      hidden_size: reference.width,
      num_hidden_layers: reference.layers,
      max_position_embeddings: 40,
    }
    const onnx = await foreignFile('bert.external.onnx')
    const data = await foreignFile('bert.external.onnx_data')
    const source: FilesSource = {
      kind: 'files',
      name: 'stranger',
      files: [
        ...files.filter(({ path }) => path !== 'config.json'),
        text('config.json', JSON.stringify(config)),
        { path: 'onnx/bert.external.onnx', blob: onnx.blob },
        { path: 'onnx/bert.external.onnx_data', blob: data.blob },
      ],
    }
    const model = await open(source)
    expect(model.info).toMatchObject({
      family: 'stranger',
      layers: reference.layers,
      details: { format: 'onnx', files: ['bert.external.onnx', 'bert.external.onnx_data'] },
    })
    const { position, tokenId, byPosition } = reference.substitution
    const measurement = await model.measure({
      inputIds: reference.inputIds,
      substitutions: [{ position, tokenId }],
    })
    for (const [layer, { distance }] of layerwiseDistances(measurement).entries()) {
      expect(Math.abs(distance / Math.hypot(...byPosition[layer]) - 1), `D_${layer}`).toBeLessThan(1e-4)
    }
    await model.release()
  })
})

describe('a folder that cannot be opened', () => {
  const without = async (name: string) => {
    const source = await folder('tiny-bert')
    return { ...source, files: source.files.filter(({ path }) => path !== name) }
  }
  const changed = async (name: string, content: string) => {
    const { files, ...source } = await without(name)
    return { ...source, files: [...files, text(name, content)] }
  }

  it.each([
    ['config.json', 'missing-file', /no config\.json/],
    ['tokenizer.json', 'unsupported-model', /no tokenizer\.json/],
    ['model.safetensors', 'unsupported-model', /no weights that are read/],
  ])('without %s says so', async (name, kind, words) => {
    const failure = await reasonOf(await without(name))
    expect(failure).toMatchObject({ kind })
    expect(failure?.message).toMatch(words)
    expect(failure?.advice ?? failure?.message).toBeTruthy()
  })

  it('says which file is damaged', async () => {
    expect(await reasonOf(await changed('config.json', '{'))).toMatchObject({
      kind: 'damaged-file',
      message: 'config.json is not JSON.',
    })
    const whole = readFileSync(familyFile('tiny-bert', 'model.safetensors'))
    const { files, ...source } = await without('model.safetensors')
    const cut: SourceFile = { path: 'model.safetensors', blob: new Blob([whole.subarray(0, 5000)]) }
    expect(await reasonOf({ ...source, files: [...files, cut] })).toMatchObject({ kind: 'damaged-file' })
  })

  it('says where the families that are read are listed if its own is not', async () => {
    const failure = await reasonOf(await changed('config.json', '{"model_type":"t5"}'))
    expect(failure).toMatchObject({ kind: 'unsupported-model' })
    expect(failure?.message).toContain('t5')
    expect(failure?.advice).toContain('docs/models.md')
  })
})
