import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ROOT } from '../scripts/build.mjs'
import { MODEL_FOLDER, THREADS } from './site.mjs'

/** @typedef {Awaited<ReturnType<typeof openTorch>>} Torch */

/** Starts PyTorch in a process of its own, which answers one question at a time. @param {string} python */
export async function openTorch(python) {
  const child = spawn(python, [join(ROOT, 'bench/cliTorch.py'), MODEL_FOLDER, String(THREADS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const failed = new Promise((_, reject) => {
    child.on('error', reject)
    child.on('close', (code) => reject(new Error(`${python} ended with ${code}`)))
  })
  failed.catch(() => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async () => JSON.parse(/** @type {any} */ (await Promise.race([lines.next(), failed])).value)
  await answer()
  return {
    /** @param {object} question */
    ask: (question) => {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      return answer()
    },
    close: () => child.stdin.end(),
  }
}
