import { expect, it } from 'vitest'
import { EMPTY_SESSION } from '../../../core/session/session'
import { formatSessionFile } from '../../../core/session/sessionFile'
import { droppedKind } from './readDroppedCorpus'

it.each([
  ['reviews.csv', 'text\n"format": "ripplescope-run"', 'texts'],
  ['reviews.json', '[{"text": "good"}]', 'texts'],
  ['session.json', formatSessionFile(EMPTY_SESSION), 'session'],
  ['run.json', '{\n  "format": "ripplescope-run",\n  "version": 1', 'run'],
  ['RUN.ZIP', 'PK', 'run'],
])('takes %s for what it is', async (name, content, kind) => {
  expect(await droppedKind(new File([content], name))).toBe(kind)
})
