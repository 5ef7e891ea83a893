// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SHIPPED_RUNS, shippedRunName } from '../../core/corpus/shippedRuns'
import { createTestCorpus, progressOf, SETTINGS, storedRun } from '../../state/corpus/corpusFixture'
import { INFO } from '../../state/explore/explorerFixture'
import { CorpusAnnouncer } from './CorpusAnnouncer'
import { CorpusHeader } from './CorpusHeader'
import { CorpusOffer } from './CorpusOffer'
import { openCorpusPart } from './corpusPageFixture'
import { StoredRunList } from './StoredRuns'

afterEach(cleanup)

async function open(kept = [storedRun('half', 'paused')]) {
  const service = createTestCorpus(kept)
  const onOpen = vi.fn()
  const page = openCorpusPart(
    <>
      <CorpusOffer onOpen={onOpen} />
      <CorpusHeader onOpen={onOpen} />
      <StoredRunList onClose={vi.fn()} />
      <div data-testid="said">
        <CorpusAnnouncer />
      </div>
    </>,
    service,
  )
  await act(() => service.answerAll())
  return { ...page, service, onOpen }
}

const said = () => screen.getByTestId('said').textContent
const button = (name: string | RegExp) => screen.queryByRole('button', { name })

describe('the header of a run', () => {
  it('asks for texts where those of the open run cannot be had', async () => {
    const { onOpen } = await open([])
    expect(
      screen.getByRole('heading', { name: /shipped.csv 2,000 rows · sample of 500 · seed 7/ }),
    ).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Run it on your texts' }))
    expect(onOpen).toHaveBeenCalledExactlyOnceWith('source')
  })

  it('offers the runs that come with the page, says of which model one is, and that another is open', async () => {
    const [first, second] = SHIPPED_RUNS
    const { store, service } = await open([])
    const menu = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Ready-made runs' })
    // The run that is open is none of them.
    expect(menu.selectedOptions[0].textContent).toBe('Ready-made runs…')
    expect(Array.from(menu.options, ({ text }) => text).slice(1)).toEqual(SHIPPED_RUNS.map(shippedRunName))
    fireEvent.change(menu, { target: { value: second.id } })
    const asked = service.waiting('openShipped')
    expect(asked.arguments[0]).toBe(second.id)
    const origin = { name: 'reviews.jsonl', kind: 'shipped' as const, column: 'text', sha256: null }
    await act(() => asked.resolve(storedRun(second.id, 'cancelled', { origin })))
    // It was stopped where it was made, and nobody cancelled it here.
    expect(screen.getByText('120 texts of a sample of 500')).toBeTruthy()
    expect(menu.value).toBe(second.id)
    expect(document.body.textContent).toContain(`Measured with ${second.model}: ${second.weights}.`)
    const another = { ...INFO, id: 'another', provenance: { ...INFO.provenance, sha256: 'c'.repeat(64) } }
    act(() => store.setState(({ model }) => ({ model: { ...model, info: another } })))
    expect(document.body.textContent).toContain('The model open in Explore is another, another.')
    expect(first.id).not.toBe(second.id)
  })

  it('says in words how far a run is, and offers what can be done', async () => {
    const { store, service } = await open([])
    act(() => store.getState().startRun({ kind: 'bundled' }, SETTINGS))
    expect(said()).toBe('Reading the texts.')
    await act(() => service.waiting('start').resolve())
    const play = (status: 'running' | 'paused' | 'cancelled', done: number) =>
      act(() => service.listener().progress(progressOf(status, done)))
    play('running', 120)
    expect(screen.getByText('120 of 500 reviews, about 2 min left')).toBeTruthy()
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('24')
    expect(button('Run again')).toBeNull()
    const heard = said()
    play('running', 121)
    expect(said()).toBe(heard)
    play('running', 150)
    expect(said()).toBe('30% of 500 reviews measured.')
    fireEvent.click(screen.getByRole('button', { name: 'Pause' }))
    expect(service.count('pause')).toBe(1)
    play('paused', 150)
    fireEvent.click(screen.getByRole('button', { name: 'Resume' }))
    expect(service.count('resume')).toBe(1)
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    play('cancelled', 150)
    expect(screen.getByText('partial: 150 of 500 reviews, cancelled')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Run again' }))
    expect(service.count('start')).toBe(2)
  })

  it('says where other texts were chosen than those of the open run', async () => {
    const { store, service } = await open([])
    act(() => store.getState().startRun({ kind: 'bundled' }, SETTINGS))
    await act(() => service.waiting('start').resolve())
    act(() => service.listener().progress(progressOf('finished', 500)))
    expect(screen.getByRole('button', { name: 'Run again' })).toBeTruthy()
    const file = new File(['text'], 'other.csv')
    act(() => store.getState().chooseSource({ kind: 'file', file, column: null }))
    expect(screen.getByRole('button', { name: 'Run over the chosen texts' })).toBeTruthy()
  })

  it('lists the lines that were left out', async () => {
    const { store, service } = await open([])
    act(() => store.getState().startRun({ kind: 'bundled' }, SETTINGS))
    await act(() => service.waiting('start').resolve())
    act(() => service.listener().malformed([{ line: 7, reason: 'a quote is not closed' }], 3))
    expect(screen.getByText('3 rows skipped')).toBeTruthy()
    expect(screen.getByText('line 7: a quote is not closed')).toBeTruthy()
    expect(screen.getByText('and 2 more')).toBeTruthy()
  })
})

describe('runs kept on this machine', () => {
  it('offers to go on where one was interrupted', async () => {
    const { service } = await open()
    fireEvent.click(screen.getByRole('button', { name: 'Resume it' }))
    expect(service.waiting('open').arguments[0]).toBe('half')
    await act(() => service.waiting('open').resolve())
    expect(service.count('resume')).toBe(1)
  })

  it('removes one only when asked twice, the focus on what loses nothing', async () => {
    const { service } = await open()
    const remove = () => screen.getByRole('button', { name: 'Remove half.csv…' })
    fireEvent.click(remove())
    expect(document.activeElement?.textContent).toBe('Keep')
    fireEvent.click(screen.getByRole('button', { name: 'Keep' }))
    expect(document.activeElement).toBe(remove())
    fireEvent.click(remove())
    expect(service.count('remove')).toBe(0)
    fireEvent.click(screen.getByRole('button', { name: 'Remove' }))
    expect(service.waiting('remove').arguments).toEqual(['half'])
  })
})
