import { FailureError, fail } from '../../core/failure'

/** Largest file that is opened; JSON is read as one string. */
export const MAX_FILE_BYTES = 256 * 2 ** 20
/** Largest unpacked size, so that a small file cannot fill the memory. */
export const MAX_UNPACKED_BYTES = 2 ** 30

const KEPT = 'What was open is still open.'

/** Refuses a file of a run: its bytes are not what they must be. */
export function damaged(what: string): never {
  return fail('damaged-file', `The file of the run is damaged: ${what}.`, {
    kept: KEPT,
    advice: 'Download it again, or ask for another copy.',
  })
}

/** Refuses a file that is no run at all. */
export function notARun(what: string): never {
  return fail('damaged-file', `The file is not a run of Ripplescope: ${what}.`, {
    kept: KEPT,
    advice: 'Choose the .zip or .json that a run was downloaded as.',
  })
}

export function tooNew(): never {
  return fail('damaged-file', 'The file was made by a newer Ripplescope.', {
    kept: KEPT,
    advice: 'Reload the page to get the newest version, then open the file again.',
  })
}

export function tooLarge(bytes: number, limit: number): never {
  const mebibytes = (size: number) => `${Math.ceil(size / 2 ** 20).toLocaleString('en')} MiB`
  return fail(
    'damaged-file',
    `The file holds ${mebibytes(bytes)}, more than the ${mebibytes(limit)} that are opened.`,
    { kept: KEPT, advice: 'Read its tables with other tools, or make the run with a smaller sample.' },
  )
}

/** Runs code that throws of its own on bad bytes; what it throws becomes a damaged file. */
export async function orDamaged<T>(what: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (thrown) {
    if (thrown instanceof FailureError) throw thrown
    return damaged(what)
  }
}
