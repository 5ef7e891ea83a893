import { expect, it } from 'vitest'
import { linesOf } from './lines'

it('cuts text into lines and keeps nothing of those beyond the limit', async () => {
  async function* chunks() {
    for (const text of ['one\ntw', 'o\n12345', '6', '789\n\nlast']) yield { text, bytesRead: text.length }
  }
  const lines = []
  for await (const batch of linesOf(chunks(), 5)) lines.push(...batch.lines)
  expect(lines).toEqual([
    { line: 1, text: 'one', tooLong: false },
    { line: 2, text: 'two', tooLong: false },
    { line: 3, text: '', tooLong: true },
    { line: 4, text: '', tooLong: false },
    { line: 5, text: 'last', tooLong: false },
  ])
})
