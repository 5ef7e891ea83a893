import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLive } from './support/explore'
import { expectModelCase, familyCase, otherCase } from './support/modelCase'
import { expect } from './support/page'
import { test } from './support/tinySite'

const FAMILIES = [
  'masked-bert',
  'distilbert',
  'roberta',
  'xlm-roberta',
  'electra',
  'albert',
  'mpnet',
  'deberta',
  'deberta-v2',
  'longformer',
  'modernbert',
  'gpt2',
  'llama',
  'gemma2',
  'falcon-new',
  'bloom',
]

test("every family, a pytorch_model.bin and other people's ONNX files give transformers' numbers", async ({
  page,
  tinySite,
}) => {
  const folders = mkdtempSync(join(tmpdir(), 'ripplescope-folders-'))
  const cases = [
    ...FAMILIES.map(familyCase),
    otherCase(folders, 'bert', 'bert.bin', 'pytorch_model.bin'),
    otherCase(folders, 'bert', 'bert.fused.onnx', 'model.onnx'),
    otherCase(folders, 'gpt2', 'gpt2.merged.onnx', 'decoder_model_merged.onnx'),
  ]
  await openLive(page, '', tinySite)
  await page.getByRole('button', { name: 'Models', exact: true }).click()
  await expect(page.getByLabel('Model folder')).toBeAttached()
  for (const expected of cases) await expectModelCase(page, expected)
  rmSync(folders, { recursive: true })
})
