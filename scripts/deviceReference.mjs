import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './build.mjs'

// Writes what "Check my device" measures, a few of PyTorch's reference cases: node scripts/deviceReference.mjs

/** Cases that are short, ordinary, with numerals, and one long enough that its forward's time says something. */
const CASES = ['flip', 'wonderful-ashamed', 'digits-prices', 'paragraph']

const { id } = JSON.parse(await readFile(join(ROOT, 'public/models/built-in.json'), 'utf8'))
const fixture = JSON.parse(await readFile(join(ROOT, `fixtures/${id}.reference.json`), 'utf8'))
const { model, torch, transformers } = fixture

/** @param {string} name */
function caseOf(name) {
  const found = fixture.cases.find((/** @type {{ name: string }} */ candidate) => candidate.name === name)
  if (!found) throw new Error(`the fixture has no case ${name}`)
  const { text, inputIds, logits, neighbors, measurements } = found
  const changed = new Set(
    measurements.flatMap((/** @type {{ substitutions: { position: number }[] }} */ { substitutions }) =>
      substitutions.map(({ position }) => position),
    ),
  )
  return {
    name,
    text,
    inputIds,
    logits,
    neighbors: [...changed].map((position) => {
      const row = neighbors.positions.indexOf(position)
      return { position, ids: neighbors.ids[row], cosines: neighbors.cosines[row], shifts: neighbors.l2[row] }
    }),
    measurements: measurements.map(
      (
        /** @type {{ substitutions: unknown, shift: unknown, distances: unknown, logits: unknown }} */ one,
      ) => ({
        substitutions: one.substitutions,
        shift: one.shift,
        distances: one.distances,
        logits: one.logits,
      }),
    ),
  }
}

const reference = {
  format: 'ripplescope-reference',
  version: 1,
  model,
  torch,
  transformers,
  cases: CASES.map(caseOf),
}
await mkdir(join(ROOT, 'public/reference'), { recursive: true })
const text = `${JSON.stringify(reference)}\n`
await writeFile(join(ROOT, 'public/reference/built-in.json'), text)
console.log(`${CASES.length} cases, ${(text.length / 1000).toFixed(1)} kB`)
