import { expect, it } from 'vitest'
import { EMPTY_SESSION } from '../core/session/session'
import { formatSessionFile } from '../core/session/sessionFile'
import { readDroppedFile } from './readDroppedFile'

const read = (name: string, content: BlobPart) => readDroppedFile(new File([content], name))

it('opens a session file whatever its name', async () => {
  const session = { ...EMPTY_SESSION, text: 'A film.', position: 1 }
  expect(await read('session.json', formatSessionFile(session))).toEqual({ kind: 'session', session })
})

it('takes any other text as a review', async () => {
  expect(await read('review.txt', 'Very good.')).toEqual({ kind: 'text', text: 'Very good.' })
})

it('refuses what is neither, and says what was kept and what to do', async () => {
  for (const [name, content] of [
    ['data.json', '{"a": 1}'],
    ['broken.json', '{"format": "ripplescope-session", "version": 1'],
    ['picture.txt', new Uint8Array([0xff, 0xd8, 0xff, 0xe0])],
    ['empty.txt', '  \n'],
  ] as const) {
    const dropped = await read(name, content)
    expect(dropped.kind, name).toBe('failure')
    if (dropped.kind === 'failure') expect(dropped.failure.kept, name).toBeTruthy()
  }
})
