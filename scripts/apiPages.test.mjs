import { expect, it } from 'vitest'
import { stalePages } from './apiPages.mjs'

it('has the pages of the library’s interface as the docstrings are (npm run docs:api writes them)', async () => {
  expect(await stalePages()).toEqual([])
})
