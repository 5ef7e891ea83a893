import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test as plain } from './page'

const FOLDER = fileURLToPath(new URL('../../fixtures/tiny-bert', import.meta.url))

/** Serves the page with the tiny model instead of the built-in one: 3 layers, 306 tokens, texts of up to 64. */
export const test = plain.extend<object, { tinySite: string }>({
  tinySite: [
    async ({ serveOverlay }, use) => {
      const overlay = mkdtempSync(join(tmpdir(), 'ripplescope-tiny-'))
      const models = join(overlay, 'models')
      mkdirSync(models)
      cpSync(FOLDER, join(models, 'tiny-bert'), { recursive: true })
      const weights = readFileSync(join(models, 'tiny-bert', 'model.safetensors'))
      const manifest = {
        id: 'tiny-bert',
        weights: 'model.safetensors',
        bytes: weights.length,
        sha256: createHash('sha256').update(weights).digest('hex'),
      }
      writeFileSync(join(models, 'built-in.json'), JSON.stringify(manifest))
      await use(await serveOverlay(overlay))
      rmSync(overlay, { recursive: true })
    },
    { scope: 'worker' },
  ],
})
