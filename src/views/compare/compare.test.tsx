// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HubSource, ModelPlan, UrlSource } from '../../core/modelSource'
import type { Session } from '../../core/session/session'
import {
  answerFirstSide,
  createComparedStore,
  explorerOf,
  PIECES,
  SECOND,
  WORDS,
} from '../../state/compare/compareFixture'
import { connectSecondSide } from '../../state/compare/secondSide'
import type { HubServices } from '../../state/model/modelHub'
import type { AppStore } from '../../state/store'
import { AppProvider } from '../appContext'
import { CurvePanel } from '../explore/layers/CurvePanel'
import CompareDialog from './CompareDialog'
import ComparePanel from './ComparePanel'
import CompareTable from './CompareTable'
import { blocksAround } from './compareTokens'

let store: AppStore
let disconnect: () => void

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  )
  // jsdom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function close() {
    this.open = false
  }
  // It has no layout either.
  Element.prototype.scrollIntoView = () => undefined
  store = createComparedStore()
  const [first, second] = [explorerOf(WORDS, 7), explorerOf(PIECES, 9)]
  disconnect = connectSecondSide(store, { first: () => first, second: () => second, typingPause: 0 })
})

afterEach(() => {
  disconnect()
  cleanup()
  vi.unstubAllGlobals()
})

async function open(session: Partial<Session>, hub: HubServices | null = null) {
  store.setState(({ services }) => ({ services: { ...services, hub } }))
  answerFirstSide(store, session)
  render(
    <AppProvider store={store}>
      <ComparePanel arriving={false} />
      <CompareTable />
      <CurvePanel />
      <CompareDialog />
    </AppProvider>,
  )
  await settle()
}

const settle = () => act(async () => new Promise((resolve) => setTimeout(resolve, 10)))

const panel = () => screen.getByRole('region', { name: 'Side by side' })
const rows = () =>
  within(screen.getByRole('table', { name: /^Both sides of the change/ }))
    .getAllByRole('row')
    .map((row) =>
      within(row)
        .queryAllByRole('cell')
        .map((cell) => cell.textContent),
    )

describe('two models', () => {
  it('stand token over token; one of the second leads to its counterpart', async () => {
    await open({ position: 2, tokenId: 7, comparison: SECOND })
    const tokens = within(panel()).getByRole('group', { name: /Tokens of both sides/ })
    const buttons = within(tokens).getAllByRole('button')
    expect(buttons.map((button) => button.getAttribute('aria-label'))).toEqual([
      'the, opposite the',
      'movie in the place of film, opposite film',
      'was, opposite was',
      'go, opposite good',
      'od, opposite good',
    ])
    expect(buttons.map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1, -1, -1])
    buttons[1].focus()
    fireEvent.keyDown(buttons[1], { key: 'End' })
    expect(document.activeElement).toBe(buttons[4])
    fireEvent.click(buttons[4])
    expect(store.getState().session.position).toBe(4)
  })

  it('say what is substituted, what differs and where both come from', async () => {
    await open({ position: 2, tokenId: 7, comparison: SECOND })
    expect(panel().textContent).toContain('./other reads “film” as “film”. Both sides take “movie”.')
    expect(panel().textContent).toMatch(/tiny: bert.*\.\/other: bert.*sha256 aaaaaaaaaaaa/)
    const found = rows()
    expect(found[1].slice(0, 2)).toEqual(['film → movie', 'film → movie'])
    // D at the last layer: 1 at each of 6 tokens, against 7 at each of 7.
    expect(found.at(-5)).toEqual(['2.45', '18.5', '+16.1', '7.56'])
    expect(found.at(-1)?.slice(0, 2)).toEqual(['same', 'same'])
    expect(panel().querySelector('[aria-live]')?.textContent).toBe(
      './other: film → movie: distance 18.5 at layer 2; relative 0.700, on the first side 0.100',
    )
  })

  it('compare relative distances first, and absolute ones on request', async () => {
    await open({ position: 2, tokenId: 7, comparison: SECOND })
    expect(screen.getAllByLabelText<HTMLInputElement>('relative').map(({ checked }) => checked)).toEqual([
      true,
      true,
    ])
    act(() => store.getState().closeComparison())
    expect(screen.getAllByLabelText<HTMLInputElement>('absolute').at(-1)?.checked).toBe(true)
  })

  it('each take their own nearest on request, and many to one is said', async () => {
    await open({ position: 4, tokenId: 9, comparison: SECOND })
    expect(panel().textContent).toContain(
      './other reads “good” as 2 tokens, “go” + “od”; the first is replaced. ' +
        './other has no single token “only” to put there: its own nearest neighbour “bad” is taken.',
    )
    fireEvent.click(within(panel()).getByLabelText('each its own nearest'))
    await settle()
    expect(store.getState().session.comparison?.ownNearest).toBe(true)
    expect(panel().textContent).toContain('./other takes its own nearest neighbour, “bad”.')
  })

  it('say so where a token has no counterpart', async () => {
    await open({ position: 3, tokenId: 7, comparison: { ...SECOND, text: 'the film' } })
    expect(panel().textContent).toContain('“was” has no counterpart in')
    expect(screen.getByText(/no counterpart on the second side/)).toBeTruthy()
  })

  it('are closed by one button', async () => {
    await open({ position: 2, tokenId: 7, comparison: SECOND })
    fireEvent.click(within(panel()).getByRole('button', { name: 'Close the comparison' }))
    expect(store.getState().session.comparison).toBeNull()
    act(() => store.getState().undo())
    expect(store.getState().session.comparison).toEqual(SECOND)
  })
})

const planOf = (source: HubSource | UrlSource): ModelPlan => ({
  source,
  commit: null,
  files: [{ path: 'model.safetensors', bytes: 2_000_000 }],
  bytes: 2_000_000,
  keptBytes: 0,
  format: 'safetensors',
  family: 'bert',
  offline: false,
})

describe('a model that is not there', () => {
  it.each([
    [
      './folder',
      'a model from a folder on somebody’s machine, which links do not carry',
      'Choose that folder',
    ],
    ['built-in', 'the built-in model', 'Open the built-in model'],
  ])('%s is offered', async (id, what, button) => {
    const model = { id, sha256: 'c'.repeat(64) }
    await open({ position: 2, tokenId: 7, comparison: { ...SECOND, model } })
    expect(panel().textContent).toContain(`The second model is ${what}: ${id} (sha256 cccccccc).`)
    fireEvent.click(within(panel()).getByRole('button', { name: button }))
    const { choosing, model: asked } = store.getState().compare
    expect(choosing || asked.request !== null).toBe(true)
  })

  it.each<[string, string, string, HubSource | UrlSource]>([
    [
      'owner/name',
      'a model of the Hugging Face hub',
      'huggingface.co',
      { kind: 'hub', id: 'owner/name', revision: 'main' },
    ],
    [
      'https://page.example/m/',
      'a model at an address',
      'page.example',
      { kind: 'url', url: 'https://page.example/m/' },
    ],
  ])('%s is offered with its size, for which its host is asked first', async (id, what, host, source) => {
    const plan = vi.fn(async () => planOf(source))
    const hub = {
      name: async () => source as HubSource,
      takeToken: vi.fn(),
      plan,
      kept: vi.fn(),
      remove: vi.fn(),
    }
    const model = { id, sha256: 'c'.repeat(64) }
    await open({ position: 2, tokenId: 7, comparison: { ...SECOND, model } }, hub)
    expect(panel().textContent).toContain(`The second model is ${what}: ${id} (sha256 cccccccc).`)
    expect(plan).not.toHaveBeenCalled()
    fireEvent.click(within(panel()).getByRole('button', { name: `Ask ${host} for its size` }))
    await settle()
    fireEvent.click(within(panel()).getByRole('button', { name: 'Fetch 2.0 MB and open' }))
    expect(store.getState().compare.model.request).toEqual(source)
  })

  it('shows its progress with a way to stop, and why it was refused', async () => {
    await open({ position: 2, tokenId: 7, comparison: null })
    const write = (changes: object) =>
      act(() =>
        store.setState(({ compare }) => ({
          compare: { ...compare, model: { ...compare.model, ...changes } },
        })),
      )
    const request = { kind: 'hub', id: 'owner/name', revision: 'main' }
    write({
      info: null,
      opening: request,
      progress: { stage: 'files', loadedBytes: 3e6, totalBytes: 12e6 },
    })
    expect(panel().textContent).toContain('Fetching owner/name 3.0 of 12.0 MB. tiny answers until then.')
    fireEvent.click(within(panel()).getByRole('button', { name: 'Stop' }))
    expect(store.getState().compare.model).toMatchObject({
      opening: null,
      refused: { failure: { kind: 'cancelled' } },
    })
    write({ opening: null, refused: { request, failure: { kind: 'network', message: 'The hub is down.' } } })
    expect(within(panel()).getByRole('alert').textContent).toContain('was not opened. The hub is down.')
    fireEvent.click(within(panel()).getByRole('button', { name: 'Try again' }))
    expect(store.getState().compare.model.request).toEqual(request)
  })
})

describe('two texts', () => {
  it('begin alike, and the second is edited in place as one step of undo', async () => {
    await open({ position: 2, tokenId: 7 })
    act(() => store.getState().chooseComparison(true))
    fireEvent.click(screen.getByRole('button', { name: 'Compare with another text' }))
    await settle()
    expect(rows().at(-5)?.slice(2)).toEqual(['+14.7', '7.00'])
    const field = screen.getByRole('textbox', { name: 'Second text' })
    expect(document.activeElement).toBe(field)
    fireEvent.change(field, { target: { value: 'the good film' } })
    fireEvent.change(field, { target: { value: 'the good film was' } })
    await settle()
    expect(panel().textContent).toContain(' reads “film” as “film”.')
    fireEvent.keyDown(field, { key: 'Escape' })
    expect(document.activeElement?.textContent).toBe('Edit the second text')
    act(() => store.getState().undo())
    expect(store.getState().session.comparison?.text).toBe('the film was good')
    act(() => store.getState().editSecondText(''))
    expect(panel().textContent).toContain('The second text is empty')
  })
})

it('shows a bounded part of a long text, around what is chosen', () => {
  const blocks = Array.from({ length: 1000 }, (_, i) => ({ first: [i], second: [i] }))
  expect(blocksAround(blocks.slice(0, 300), null, 300)).toHaveLength(300)
  expect(blocksAround(blocks, null, 300)[0].first).toEqual([0])
  expect(blocksAround(blocks, 500, 300)[0].first).toEqual([350])
  expect(blocksAround(blocks, 999, 300).at(-1)?.first).toEqual([999])
})
