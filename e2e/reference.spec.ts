import { readReference } from '../src/engine/referenceFixture'
import { openLive } from './support/explore'
import { expect, test } from './support/page'
import { expectReference, readVocabulary } from './support/reference'

// The longest tests of all: a worker that has nothing else left takes one.
test.describe.configure({ mode: 'parallel' })

const fixture = readReference('fixtures/bert-imdb-l12-h384.reference.json')
const vocabulary = readVocabulary('public/models/bert-imdb-l12-h384')

/** Groups of cases, with one page and one loading of the model each. */
const GROUPS: Record<string, readonly string[]> = {
  'ordinary reviews': [
    'short-positive',
    'wonderful-ashamed',
    'short-negative',
    'flip',
    'mixed',
    'paragraph',
    'negations',
  ],
  'unusual spelling': [
    'rare-words',
    'accents',
    'digits-prices',
    'quotes-punctuation',
    'emoji',
    'whitespace',
    'capitals-hyphens',
  ],
  'other scripts and one token': ['unknown-script', 'cjk', 'one-token', 'repeated-word'],
  'long reviews': ['long-500', 'over-512'],
}

for (const [group, names] of Object.entries(GROUPS)) {
  test(`${group}: what WASM in the page says is what PyTorch says`, async ({ page }) => {
    await openLive(page)
    for (const [i, name] of names.entries()) {
      const reference = fixture.cases.find((candidate) => candidate.name === name)
      if (!reference) throw new Error(`the fixture has no case ${name}`)
      // The changes left out are compared in Node, by src/engine/reference.test.ts.
      await test.step(name, () => expectReference(page, reference, vocabulary, { everyChange: i === 0 }))
    }
  })
}

test('no case of the fixture is left out', () => {
  expect(Object.values(GROUPS).flat().sort()).toEqual(fixture.cases.map(({ name }) => name).sort())
})
