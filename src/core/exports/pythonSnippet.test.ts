import { describe, expect, it } from 'vitest'
import type { ModelDetails, ModelInfo } from '../explorer'
import { pythonComment, pythonString } from './pythonLiterals'
import { type PythonSnippetInput, pythonSnippet } from './pythonSnippet'

const SHA256 = 'ab'.repeat(32)

const MODEL: ModelInfo = {
  id: './tiny',
  family: 'gpt2',
  layers: 2,
  width: 4,
  vocabularySize: 300,
  maxTokens: 64,
  labels: [],
  parameters: 1,
  bytes: 1,
  provenance: {
    modelId: './tiny',
    sha256: SHA256,
    precision: 'fp32 weights, fp32 compute',
    device: 'WASM',
    shipped: false,
  },
}

const INPUT: PythonSnippetInput = {
  model: MODEL,
  text: 'It was "good" \\ 🎬\n',
  inputIds: [101, 2009, 102],
  substitutions: [
    { position: 1, tokenId: 7 },
    { position: 2, tokenId: 8 },
  ],
  place: 1,
}

const detailed = (head: ModelDetails['head'], more: Partial<ModelDetails> = {}): ModelInfo => ({
  ...MODEL,
  details: { head, causal: false, format: 'safetensors', files: ['model.safetensors'], kept: true, ...more },
})

const snippetOf = (model: ModelInfo, more: Partial<PythonSnippetInput> = {}) =>
  pythonSnippet({ ...INPUT, model, ...more })

describe('a Python string', () => {
  it('is ASCII, on one line, and cannot end early', () => {
    expect(pythonString('a"b\\c\n\r\t\0é\u2028')).toBe('"a\\"b\\\\c\\n\\u000d\\u0009\\u0000\\u00e9\\u2028"')
    expect(pythonString('"""\nimport os\n"""')).toBe('"\\"\\"\\"\\nimport os\\n\\"\\"\\""')
    expect(pythonString('\\')).toBe('"\\\\"')
  })

  it('writes emoji as one character, and half a surrogate pair as U+FFFD', () => {
    expect(pythonString('🎬')).toBe('"\\U0001f3ac"')
    expect(pythonString('\ud83c')).toBe('"\\ufffd"')
  })

  it('keeps a comment on its line', () => {
    expect(pythonComment('a\nimport os')).toBe('# a?import os')
  })
})

describe('the snippet', () => {
  it('carries text, ids, substitutions and the file to check', () => {
    const snippet = snippetOf(MODEL)
    expect(snippet).toContain('TEXT = "It was \\"good\\" \\\\ \\U0001f3ac\\n"\n')
    expect(snippet).toContain('INPUT_IDS = [101, 2009, 102]\n')
    expect(snippet).toContain('SUBSTITUTIONS = {1: 7, 2: 8}\n')
    expect(snippet).toContain('MODEL = Path("tiny")\n')
    expect(snippet).toContain(`SHA256 = "${SHA256}"`)
    expect(snippet).toMatch(/^[\x20-\x7e\n]*$/)
  })

  it('compares with the distances that it is given, and otherwise with none', () => {
    expect(snippetOf(MODEL)).not.toContain('HERE')
    const compared = snippetOf(MODEL, { distances: [1.5, 2, 0.25] })
    expect(compared).toContain('HERE = [1.5, 2, 0.25]\n')
    expect(compared).toContain('largest relative difference of any D_l')
  })

  it('names the tokenizer of a model that comes without one', () => {
    const without = (id: string, tokenizer: string) =>
      snippetOf({ ...detailed('classification', { tokenizer }), id, labels: ['a', 'b'] })
    const builtIn = without('./tiny+built-in', 'built-in')
    expect(builtIn).toContain('MODEL = Path("tiny")\n')
    expect(builtIn).toContain('TOKENIZER = "google-bert/bert-base-uncased"\n')
    expect(builtIn).toContain('tokenizer = AutoTokenizer.from_pretrained(TOKENIZER)\n')
    const ofHub = without('owner/name@v1+owner/other@v2', 'owner/other@v2')
    expect(ofHub).toContain('MODEL = "owner/name"\nREVISION = "v1"\n')
    expect(ofHub).toContain('TOKENIZER = "owner/other"\n')
    expect(ofHub).toContain('AutoTokenizer.from_pretrained(TOKENIZER, revision="v2")')
  })

  it('lists many ids in lines', () => {
    const inputIds = Array.from({ length: 33 }, (_, i) => i)
    const [, list] = /INPUT_IDS = (\[[^\]]*\])/.exec(snippetOf(MODEL, { inputIds })) ?? []
    expect(JSON.parse(list.replace(/,\s*\]/, ']'))).toEqual(inputIds)
    expect(Math.max(...list.split('\n').map(({ length }) => length))).toBeLessThan(110)
  })

  it.each<[ModelDetails['head'], string, string | null]>([
    ['none', 'AutoModel', null],
    ['classification', 'AutoModelForSequenceClassification', 'prediction {name}'],
    ['causal-lm', 'AutoModelForCausalLM', 'ln p of the text'],
    ['masked-lm', 'AutoModelForMaskedLM', 'pseudo-ln p'],
  ])('loads a model whose head is %s by its class, and prints what the head says', (head, name, printed) => {
    const snippet = snippetOf(detailed(head, head === 'masked-lm' ? { maskId: 4 } : {}))
    expect(snippet).toContain(`from transformers import ${name}, AutoTokenizer\n`)
    expect(snippet).toContain(`model = ${name}.from_pretrained(\n    MODEL, dtype=torch.float32`)
    if (printed === null) expect(snippet).not.toContain('logits')
    else expect(snippet).toContain(printed)
    expect(snippet.includes('PLACE = 1\n')).toBe(head === 'causal-lm' || head === 'masked-lm')
    expect(snippet.includes('MASK_ID = 4\n')).toBe(head === 'masked-lm')
  })

  it('leaves the head out where no place is looked at', () => {
    for (const head of ['causal-lm', 'masked-lm'] as const) {
      expect(snippetOf(detailed(head), { place: null })).not.toContain('logits')
    }
  })

  it('takes a classifier for granted where labels are all that is known', () => {
    const snippet = snippetOf({ ...MODEL, labels: ['NEGATIVE', 'POSITIVE'] })
    expect(snippet).toContain('AutoModelForSequenceClassification')
  })

  it('names a model of the hub by its id and the commit that was open', () => {
    const commit = 'c'.repeat(40)
    const ofHub = (id: string, revision?: string) =>
      snippetOf({ ...detailed('none'), id, provenance: { ...MODEL.provenance, revision } })
    expect(ofHub('owner/name@v2', commit)).toContain(`MODEL = "owner/name"\nREVISION = "${commit}"\n`)
    expect(ofHub('owner/name@v2')).toContain('REVISION = "v2"\n')
    expect(ofHub('owner/name')).toContain('REVISION = "main"\n')
    const snippet = ofHub('owner/name', commit)
    expect(snippet).toContain('AutoTokenizer.from_pretrained(MODEL, revision=REVISION)')
    expect(snippet).not.toMatch(/SHA256|Path\(/)
  })

  it('asks for the folder of a model from an address, and checks no sum over shards', () => {
    const files = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']
    const snippet = snippetOf({ ...detailed('none', { files }), id: 'https://example.org/m\nimport os/' })
    expect(snippet).toContain(
      '# The folder that the files of https://example.org/m?import os/ were saved to.\n',
    )
    expect(snippet).not.toContain('SHA256')
  })

  it('multiplies int8 matrices by their scales', () => {
    const provenance = { ...MODEL.provenance, precision: 'int8 weights, fp32 compute' }
    const snippet = snippetOf({ ...detailed('classification'), id: 'built-in', provenance })
    expect(snippet).toContain('.weight_scale')
    expect(snippet).toContain('AutoModelForSequenceClassification.from_config(config')
    expect(snippet).toContain('MODEL = Path("built-in")\n')
  })
})
