import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOKEN } from '../engine/sources/hub/hubAnswersFixture'
import { startHubServer } from '../engine/sources/hub/hubServerFixture'
import { FOREIGN } from '../onnx/foreign/foreignFixture'
import { command, ENV, ROOT, TINY } from './commandFixture'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ripplescope-models-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Makes a copy of the small model with one file changed. */
function copyWith(name: string, file: string, change: (content: string) => string): string {
  const copy = join(folder, name)
  cpSync(TINY, copy, { recursive: true })
  writeFileSync(join(copy, file), change(readFileSync(join(copy, file), 'utf8')))
  return copy
}

describe('models', () => {
  it('says what a model is', async () => {
    const { code, stdout } = await command(['models', TINY, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'ripplescope-models',
      version: 1,
      models: [
        {
          opens: true,
          id: 'tiny-bert',
          family: 'bert',
          layers: 3,
          width: 32,
          vocabulary: 306,
          maxTokens: 64,
          labels: ['NEGATIVE', 'POSITIVE'],
          weights: 'fp32 weights, fp32 compute',
          sha256: '7103c1b861c6c6b40ed51d4c4ecb524825d642bdbca4978b0d5b3411c8a719d9',
          wordTable: { rows: 306, width: 32 },
          hiddenStates: ['h_0', 'h_1', 'h_2', 'h_3'],
        },
      ],
    })
  })

  it('takes the weights file itself for its folder', async () => {
    const { code, stdout } = await command(['models', join(TINY, 'model.safetensors')])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^tiny-bert\n {2}family +bert\n/)
  })

  it('knows the built-in one', async () => {
    const { stdout } = await command(['models'])
    expect(stdout).toMatch(/int8 weights, fp32 compute/)
  })

  it.each([
    ['a family that is not read', 'config.json', (json: string) => json.replace('"bert"', '"t5"'), /t5/],
    ['a config that is no JSON', 'config.json', (json: string) => json.slice(0, 40), /not JSON/],
    [
      'tensors of other shapes',
      'config.json',
      (json: string) => json.replace('"hidden_size": 32', '"hidden_size": 64'),
      /shape/,
    ],
    ['weights cut short', 'model.safetensors', (bytes: string) => bytes.slice(0, 100), /./],
  ])('says why it refuses %s, and shows the others', async (name, file, change, said) => {
    const copy = copyWith(name, file, change)
    const { code, stdout, stderr } = await command(['models', copy, TINY, '--json'])
    expect(code).toBe(1)
    expect(stderr).toBe('ripplescope: 1 of 2 models cannot be opened.\n')
    const { models } = JSON.parse(stdout) as { models: { opens: boolean; reason: string }[] }
    expect(models.map(({ opens }) => opens)).toEqual([false, true])
    expect(models[0].reason).toMatch(said)
  })

  it('names the file that is missing', async () => {
    const { code, stdout } = await command(['models', folder])
    expect(code).toBe(1)
    expect(stdout).toContain(`There is no config.json in ${folder}.`)
  })
})

describe('weights of other formats', () => {
  const ONNX = join(ROOT, 'fixtures/onnx')
  const { config, vocabularySize, width, layers } = FOREIGN.models.bert
  /** Returns a tokenizer that knows no more tokens than the model. */
  function tokenizerOf(size: number): string {
    const tokenizer = JSON.parse(readFileSync(join(TINY, 'tokenizer.json'), 'utf8'))
    const entries = Object.entries<number>(tokenizer.model.vocab).filter(([, id]) => id < size)
    return JSON.stringify({ ...tokenizer, model: { ...tokenizer.model, vocab: Object.fromEntries(entries) } })
  }
  const folderWith = (name: string, weights: Readonly<Record<string, string>>) => {
    const copy = join(folder, name)
    mkdirSync(copy)
    writeFileSync(join(copy, 'config.json'), JSON.stringify(config))
    writeFileSync(join(copy, 'tokenizer.json'), tokenizerOf(vocabularySize))
    for (const [file, source] of Object.entries(weights)) {
      mkdirSync(dirname(join(copy, file)), { recursive: true })
      cpSync(join(ONNX, source), join(copy, file))
    }
    return copy
  }
  const inspected = async (path: string) => {
    const { stdout } = await command(['models', path, '--json'])
    return JSON.parse(stdout).models[0]
  }

  it('open: torch, ONNX below the folder, ONNX with its data beside it', async () => {
    const expected = { opens: true, family: 'bert', width, layers, vocabulary: vocabularySize }
    const torch = folderWith('torch', { 'pytorch_model.bin': 'bert.bin' })
    const onnx = folderWith('onnx', { 'onnx/model.onnx': 'bert.legacy-11.onnx' })
    const external = folderWith('external', {
      'bert.external.onnx': 'bert.external.onnx',
      'bert.external.onnx_data': 'bert.external.onnx_data',
      'other.onnx': 'bert.quantized.onnx',
    })
    expect(await inspected(torch)).toMatchObject(expected)
    expect(await inspected(onnx)).toMatchObject(expected)
    expect(await inspected(join(external, 'bert.external.onnx'))).toMatchObject(expected)
    expect(await inspected(join(external, 'other.onnx'))).toMatchObject({ opens: false })
  })
})

describe('a model of the hub', () => {
  it('is fetched by its name, and refused with what the hub says', async () => {
    const files = Object.fromEntries(
      readdirSync(TINY).map((name) => [name, new Uint8Array(readFileSync(join(TINY, name)))]),
    )
    const hub = await startHubServer({ 'owner/tiny': { files }, 'owner/gated': { files, gated: 'auto' } })
    try {
      const env = { ...ENV, HF_ENDPOINT: `${hub.base}/` }
      const { code, stdout } = await command(['models', 'owner/tiny', '--json'], { env })
      expect(code).toBe(0)
      const [model] = JSON.parse(stdout).models
      const [local] = JSON.parse((await command(['models', TINY, '--json'])).stdout).models
      expect(model).toEqual({ ...local, path: 'owner/tiny', id: model.id, bytes: model.bytes })
      expect(model.id).toMatch(/^owner\/tiny/)
      const refused = await command(['models', 'owner/gated', 'owner/nothing', '--json'], { env })
      expect(refused.code).toBe(1)
      const reasons = (JSON.parse(refused.stdout) as { models: { reason: string }[] }).models
      expect(reasons[0].reason).toMatch(/gated/)
      expect(reasons[1].reason).toMatch(/^There is no folder owner\/nothing here\. On the hub: /)
      const opened = [
        await command(['models', 'owner/gated', '--json'], { env: { ...env, HF_TOKEN: TOKEN } }),
        await command(['models', 'owner/gated', '--json', '--token', TOKEN], { env }),
        await command(
          [
            'explore',
            '-m',
            'owner/gated',
            '--token',
            TOKEN,
            '--text',
            'A fine film.',
            '--position',
            '2',
            '--json',
          ],
          { env },
        ),
      ]
      expect(opened.map((result) => result.code)).toEqual([0, 0, 0])
      expect(opened.map((result) => result.stdout + result.stderr).join()).not.toContain(TOKEN)
      const wrong = await command(['models', 'owner/gated', '--token', 'hf_nobodys'], { env })
      expect(wrong.stdout).toMatch(/does not know this token/)
      expect(wrong.stdout + wrong.stderr).not.toContain('hf_nobodys')
      expect(
        hub.requests.filter(({ host }) => host === 'storage').every((one) => one.authorization === null),
      ).toBe(true)
    } finally {
      await hub.close()
    }
  })

  it.each(['./owner/tiny', 'tinny', '/no/folder'])(
    'is not looked for where a folder is meant: %s',
    async (path) => {
      const { code, stdout } = await command(['models', path])
      expect(code).toBe(1)
      expect(stdout).toContain(`There is no folder or file ${path}.`)
    },
  )
})

describe('--device', () => {
  const explore = (device: string) =>
    command([
      'explore',
      '--model',
      TINY,
      '--text',
      'A fine film.',
      '--position',
      '2',
      '--json',
      '--device',
      device,
    ])

  it.each([
    ['webgpu', 'WebGPU'],
    ['cuda', 'CUDA'],
  ])('%s measures where the machine has one, and else says so and what to do', async (device, name) => {
    const { code, stdout, stderr } = await explore(device)
    if (code === 0) return expect(JSON.parse(stdout).provenance.device).toContain(name)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(
      new RegExp(
        `^ripplescope: (${name} cannot be used here: .+|The installed onnxruntime-node does not know ${name})\\. Use --device cpu\\.\n$`,
      ),
    )
  })

  it('takes no other name', async () => {
    const { code, stderr } = await explore('gpu')
    expect(code).toBe(2)
    expect(stderr).toMatch(/cpu, cuda, webgpu/)
  })
})

describe('serve', () => {
  const served: { root: string; port: number }[] = []
  const serve = async (options: { root: string; port: number; host: string }) => {
    served.push(options)
    if (options.port === 4173) throw Object.assign(new Error('in use'), { code: 'EADDRINUSE' })
    return { url: `http://${options.host}:${options.port}/`, close: async () => {} }
  }
  const onInterrupt = (listener: () => void) => {
    setTimeout(listener)
    return () => {}
  }

  it('takes the next port where the first is in use, and ends with Ctrl-C', async () => {
    const { code, stdout, stderr } = await command(['serve'], { serve, onInterrupt })
    if (code === 1) return expect(stderr).toMatch(/npm run build/)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'http://127.0.0.1:4174/\n', stderr: '' })
  })

  it('takes no other port than the one that was asked for', async () => {
    const { code, stdout, stderr } = await command(['serve', '--port', '4173'], { serve, onInterrupt })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/Port 4173 is in use|npm run build/)
  })
})
