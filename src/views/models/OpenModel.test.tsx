// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { parseSnapshot } from '../../core/session/snapshotSchema'
import { EXAMPLES } from '../../state/learn/examples'
import { createAppStore } from '../../state/store'
import { AppProvider } from '../appContext'
import { OpenModel } from './OpenModel'

afterEach(cleanup)

// In jsdom a URL is of its own kind, which node:fs does not read.
const inPublic = (path: string) => join(import.meta.dirname, '../../../public', path)
const { model: builtIn } = parseSnapshot(
  JSON.parse(readFileSync(inPublic(`examples/${EXAMPLES[0].slug}.json`), 'utf8')),
)

function open(id: string): void {
  const store = createAppStore()
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info: { ...builtIn, id } } }))
  render(
    <AppProvider store={store}>
      <OpenModel />
    </AppProvider>,
  )
}

it('links to every file of the built-in model’s folder', () => {
  open(builtIn.id)
  const links = screen.getAllByRole<HTMLAnchorElement>('link')
  const names = links.map((link) => link.getAttribute('download'))
  expect([...names].sort()).toEqual(readdirSync(inPublic(`models/${builtIn.id}`)).sort())
  expect(links.map((link) => link.getAttribute('href'))).toEqual(
    names.map((name) => `models/${builtIn.id}/${name}`),
  )
})

it.each(['./my-bert', 'user/model'])('links to no file of %s', (id) => {
  open(id)
  expect(screen.queryByRole('link')).toBeNull()
})
