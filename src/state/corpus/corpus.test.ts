import { describe, expect, it } from 'vitest'
import type { CorpusSource } from '../../core/corpus/corpusService'
import type { ModelInfo } from '../../core/explorer'
import { EMPTY_SESSION } from '../../core/session/session'
import { createAppStore } from '../store'
import { comparison, shownTable, statisticDifferences } from './corpusComparison'
import {
  createTestCorpus,
  figuresOf,
  pointsOf,
  progressOf,
  SETTINGS,
  storedRun,
  type TestCorpus,
} from './corpusFixture'
import {
  interruptedRun,
  isArriving,
  nextSource,
  offeredRun,
  selectedPoints,
  selectionRows,
} from './corpusSelectors'
import { forwardsOf, sameSettings } from './corpusSettings'
import { openTokens } from './corpusTokens'

const BUNDLED: CorpusSource = { kind: 'bundled' }
function connected(service: TestCorpus, session: Partial<typeof EMPTY_SESSION> = {}) {
  const store = createAppStore({ services: { corpus: service } })
  store.getState().replaceSession({ ...EMPTY_SESSION, ...session }, { undoable: false })
  return { store, actions: store.getState(), corpus: () => store.getState().corpus }
}

async function running(service = createTestCorpus()) {
  const page = connected(service, { view: 'corpus' })
  await service.answerAll()
  page.actions.startRun(BUNDLED, SETTINGS)
  await service.waiting('start').resolve()
  return { ...page, service, listener: service.listener() }
}

describe('opening Corpus', () => {
  it('asks nothing while Explore is shown, then opens the run that came with the page', async () => {
    const service = createTestCorpus()
    const { actions, corpus } = connected(service)
    await service.answerAll()
    expect(service.calls).toEqual([])
    actions.setView('corpus')
    await service.answerAll()
    expect(corpus().run).toMatchObject({ status: 'ready', value: { header: { id: 'shipped' } } })
    expect(corpus().progress?.status).toBe('finished')
    expect(corpus().figures.value?.commonness?.regression.n).toBe(500)
    expect(corpus().scatter.value?.of).toBe('occurrences')
    expect(service.count('openShipped')).toBe(1)
  })

  it('opens the kept run that the session names, paused where it was', async () => {
    const service = createTestCorpus([
      storedRun('other', 'finished', { settings: { ...SETTINGS, seed: 8 } }),
      storedRun('mine', 'paused'),
    ])
    const { store, corpus } = connected(service, {
      view: 'corpus',
      run: { settings: SETTINGS, source: { kind: 'file', name: 'mine.csv', column: 'text' } },
    })
    await service.answerAll()
    expect(corpus().run.value?.header.id).toBe('mine')
    expect(corpus().progress?.status).toBe('paused')
    expect(service.count('resume')).toBe(0)
    expect(offeredRun(store.getState())).toBeNull()
  })

  it('offers the run of a link that is not kept here, beside the shipped one', async () => {
    const service = createTestCorpus()
    const settings = { ...SETTINGS, seed: 99 }
    const { store } = connected(service, { view: 'corpus', run: { settings, source: { kind: 'bundled' } } })
    expect(offeredRun(store.getState())).toBeNull()
    await service.answerAll()
    expect(offeredRun(store.getState())?.settings.seed).toBe(99)
    expect(nextSource(store.getState())).toEqual(BUNDLED)
  })

  it('says why no run could be opened', async () => {
    const service = createTestCorpus()
    const { corpus } = connected(service, { view: 'corpus' })
    for (const call of [...service.pending]) await call.resolve()
    await service.waiting('openShipped').reject({ kind: 'missing-file', message: 'Not there.' })
    expect(corpus().run).toMatchObject({ status: 'error', failure: { kind: 'missing-file' } })
  })

  it('is arriving until its figures and its points are there, so that neither moves the other', async () => {
    const service = createTestCorpus()
    const { store } = connected(service, { view: 'corpus' })
    const arriving = () => isArriving(store.getState())
    for (const method of ['stored', 'stored', 'openShipped', 'figures'] as const) {
      expect(arriving()).toBe(true)
      await service.pending.find((call) => call.method === method)?.resolve()
    }
    expect(store.getState().corpus.figures.value).not.toBeNull()
    expect(arriving()).toBe(true)
    await service.waiting('scatter').resolve()
    expect(arriving()).toBe(false)
  })

  it('does not open the shipped run over one that was started meanwhile', async () => {
    const service = createTestCorpus()
    const { actions, corpus } = connected(service, { view: 'corpus' })
    actions.startRun(BUNDLED, SETTINGS)
    await service.answerAll()
    expect(service.count('openShipped')).toBe(0)
    expect(corpus().run.value?.header.id).toBe('started')
  })
})

describe('a file of a run', () => {
  it('is opened in the place of the open one, and its run named by the session', async () => {
    const { store, actions, service, corpus } = await running()
    actions.openRunFile(new File(['{}'], 'run.json'))
    await service.answerAll()
    expect(corpus().run.value?.header.id).toBe('opened')
    expect(store.getState().session.run?.source).toBeNull()
  })

  it('leaves the open run as it is where it cannot be read', async () => {
    const { store, actions, service, listener, corpus } = await running()
    actions.openRunFile(new File(['{'], 'run.json'))
    await Promise.resolve()
    await service.waiting('openFile').reject({ kind: 'damaged-file', message: 'Damaged.' })
    expect(corpus().run.value?.header.id).toBe('started')
    expect(store.getState().notices.at(-1)?.failure?.message).toBe('Damaged.')
    listener.progress(progressOf('running', 20))
    expect(corpus().progress?.done).toBe(20)
  })
})

describe('a run', () => {
  it('is named by the session, so that its link carries it', async () => {
    const { store } = await running()
    expect(store.getState().session.run).toEqual({ settings: SETTINGS, source: { kind: 'bundled' } })
  })

  it('forgets the former one at once', async () => {
    const { actions, corpus } = await running()
    actions.selectPoints(Uint32Array.of(1))
    actions.startRun(BUNDLED, { ...SETTINGS, seed: 8 })
    expect(corpus()).toMatchObject({
      run: { status: 'loading', value: null },
      progress: { status: 'reading', done: 0 },
      figures: { value: null },
      scatter: { value: null },
    })
  })

  it('shows what it reports, and asks for all points again only as it grows', async () => {
    const { service, listener, corpus } = await running()
    const before = service.count('scatter')
    listener.progress(progressOf('running', 100))
    listener.figures(figuresOf('l2', 100))
    expect(corpus().figures.value?.commonness?.regression.n).toBe(100)
    await service.waiting('scatter').resolve()
    listener.progress(progressOf('running', 110))
    listener.figures(figuresOf('l2', 110))
    expect(corpus().figures.value?.commonness?.regression.n).toBe(110)
    expect(service.count('scatter')).toBe(before + 1)
    listener.progress(progressOf('running', 130))
    listener.figures(figuresOf('l2', 130))
    expect(service.count('scatter')).toBe(before + 2)
    expect(corpus().scatter.status).toBe('ready')
  })

  it('asks for figures in another norm than its own, one question at a time', async () => {
    const { service, listener, actions, corpus } = await running()
    listener.progress(progressOf('running', 100))
    listener.figures(figuresOf('l2', 100))
    actions.setDisplay({ norm: 'l1' })
    listener.figures(figuresOf('l2', 101))
    listener.figures(figuresOf('l2', 102))
    await service.waiting('figures').resolve(figuresOf('l1', 100))
    expect(corpus().figures.value?.commonness).toMatchObject({ norm: 'l1', regression: { n: 100 } })
    await service.waiting('figures').resolve(figuresOf('l1', 102))
    expect(corpus().figures.value?.commonness?.regression.n).toBe(102)
    actions.setDisplay({ norm: 'l2' })
    expect(corpus().figures.value?.commonness).toMatchObject({ norm: 'l2', regression: { n: 102 } })
  })

  it('draws everything once more when it comes to rest, and lists what is kept', async () => {
    const { service, listener, corpus } = await running()
    listener.progress(progressOf('running', 490))
    await service.answerAll()
    const counts = { scatter: service.count('scatter'), stored: service.count('stored') }
    listener.progress(progressOf('cancelled', 499))
    await service.answerAll()
    expect(service.count('scatter')).toBe(counts.scatter + 1)
    expect(service.count('stored')).toBe(counts.stored + 1)
    expect(corpus().progress).toMatchObject({ status: 'cancelled', done: 499 })
  })

  it('no longer hears a run that is not the open one', async () => {
    const { service, listener, actions, corpus } = await running()
    actions.openShippedRun()
    await service.answerAll()
    listener.progress(progressOf('running', 77))
    listener.figures(figuresOf('l2', 77))
    listener.malformed([{ line: 1, reason: 'x' }], 1)
    expect(corpus()).toMatchObject({
      run: { value: { header: { id: 'shipped' } } },
      progress: { status: 'finished', done: 500 },
      figures: { value: { commonness: { regression: { n: 500 } } } },
      malformed: { total: 0 },
    })
  })

  it('drops a run that opens after another one was asked for', async () => {
    const service = createTestCorpus([storedRun('slow')])
    const { actions, corpus } = connected(service, { view: 'corpus' })
    await service.answerAll()
    actions.openRun('slow')
    const slow = service.waiting('open')
    actions.startRun(BUNDLED, SETTINGS)
    await service.waiting('start').resolve()
    await slow.resolve()
    expect(corpus().run.value?.header.id).toBe('started')
  })

  it('pauses, resumes and is cancelled, and says what went wrong with that', async () => {
    const { service, actions, store } = await running()
    actions.pauseRun()
    actions.resumeRun()
    actions.cancelRun()
    expect(service.pending.map(({ method }) => method)).toEqual(
      expect.arrayContaining(['pause', 'resume', 'cancel']),
    )
    await service.waiting('pause').reject({ kind: 'storage', message: 'The disk is full.' })
    expect(store.getState().notices).toMatchObject([{ tone: 'problem', text: 'The disk is full.' }])
  })

  it('is resumed when it is opened so, and offered where it was interrupted', async () => {
    const service = createTestCorpus([storedRun('done'), storedRun('broken', 'running')])
    const { store, actions, corpus } = connected(service, { view: 'corpus' })
    await service.answerAll()
    expect(interruptedRun(store.getState())?.header.id).toBe('broken')
    actions.openRun('broken', { resume: true })
    await service.waiting('open').resolve()
    expect(service.count('resume')).toBe(1)
    expect(interruptedRun(store.getState())).toBeNull()
    expect(corpus().run.value?.header.id).toBe('broken')
  })

  it('gives way to the shipped one when it is removed', async () => {
    const service = createTestCorpus([storedRun('kept')])
    const { actions, corpus } = connected(service, { view: 'corpus' })
    await service.answerAll()
    actions.openRun('kept')
    await service.answerAll()
    actions.removeRun('kept')
    await service.answerAll()
    expect(corpus().run.value?.header.id).toBe('shipped')
  })
})

describe('points', () => {
  it('open their review in Explore on their token, as one step of undo', async () => {
    const { service, store, actions } = await running()
    actions.exploreText('before', 1)
    actions.setView('corpus')
    actions.showPoint(4)
    await service.waiting('contexts').resolve()
    await service.waiting('text').resolve()
    expect(store.getState().session).toMatchObject({ view: 'explore', text: 'text of 14', position: 3 })
    actions.undo()
    expect(store.getState().session).toMatchObject({ view: 'corpus', text: 'before', position: 1 })
  })

  it('say so where the texts are not kept', async () => {
    const { service, store, actions } = await running()
    const { session } = store.getState()
    actions.showPoint(4)
    await service.waiting('contexts').resolve()
    await service.waiting('text').resolve(null)
    expect(store.getState().notices[0].text).toMatch(
      /not kept here, only its numbers, which are those of tiny/,
    )
    expect(store.getState().session).toBe(session)
  })

  it('read their sentence once, and only the last one pointed at', async () => {
    const { service, listener, actions, corpus } = await running()
    listener.progress(progressOf('paused', 100))
    await service.answerAll()
    actions.hoverPoint(1)
    actions.hoverPoint(2)
    const [first, second] = service.pending.filter(({ method }) => method === 'contexts')
    await second.resolve()
    await first.resolve()
    expect(corpus().context.value).toMatchObject({ place: { row: 2 }, sequence: 12 })
    actions.hoverPoint(1)
    expect(corpus().context.value).toMatchObject({ place: { row: 1 }, sequence: 11 })
    expect(service.count('contexts')).toBe(2)
    actions.hoverPoint(null)
    expect(corpus().context.status).toBe('idle')
  })

  it('are chosen of what is drawn, and of nothing else', async () => {
    const { service, store, actions, listener } = await running()
    listener.progress(progressOf('paused', 100))
    await service.answerAll()
    actions.selectPoints(Uint32Array.of(0, 2))
    expect(selectedPoints(store.getState())).toEqual(Uint32Array.of(0, 2))
    actions.setDisplay({ of: 'types' })
    await service.answerAll()
    expect(selectedPoints(store.getState())).toBeNull()
  })

  it('become a table, one row a token, weighted by their occurrences', () => {
    const rows = selectionRows(pointsOf('l2', 'types'), Uint32Array.of(0, 1, 2), (id) => `t${id}`)
    expect(rows).toEqual([
      { tokenId: 11, token: 't11', count: 4, commonness: 0.5, shift: (3 * 8 + 9) / 4 },
      { tokenId: 12, token: 't12', count: 4, commonness: 0.25, shift: 10 },
    ])
  })
})

describe('a source', () => {
  it('is looked at once, and again only for other texts', async () => {
    const { service, actions, corpus } = await running()
    const file = new File(['id,text\n1,so good'], 'a.csv')
    actions.chooseSource({ kind: 'file', file, column: null })
    await service.waiting('preview').resolve()
    expect(corpus().preview.value?.likelyColumn).toBe('text')
    actions.chooseColumn('id')
    expect(corpus()).toMatchObject({ source: { column: 'id' }, preview: { status: 'ready' } })
    expect(service.count('preview')).toBe(1)
    actions.startRun({ kind: 'hub', dataset: 'a/b', split: 'test', column: null }, SETTINGS)
    expect(service.count('preview')).toBe(1)
    actions.chooseSource(BUNDLED)
    expect(corpus().preview.status).toBe('loading')
    const late = service.waiting('preview')
    const { signal } = late.arguments[1] as { signal: AbortSignal }
    expect(signal.aborted).toBe(false)
    actions.chooseSource(null)
    expect(signal.aborted).toBe(true)
    await late.resolve()
    expect(corpus().preview.status).toBe('idle')
  })

  it('whose first rows cannot be read says why', async () => {
    const { service, actions, corpus } = await running()
    actions.chooseSource(BUNDLED)
    await service.waiting('preview').reject({ kind: 'damaged-file', message: 'It is empty.' })
    expect(corpus().preview.failure?.message).toBe('It is empty.')
    expect(service.count('preview')).toBe(1)
  })
})

describe('settings', () => {
  it('are compared by what they decide', () => {
    const a = { ...SETTINGS, perturbations: ['mask', 'swap'] as const }
    const b = { ...SETTINGS, perturbations: ['swap', 'mask'] as const }
    expect(sameSettings(a, b)).toBe(true)
    expect(sameSettings(a, { ...b, pairs: 1 })).toBe(false)
  })

  it('say how many forwards a run takes', () => {
    const more = {
      ...SETTINGS,
      randomPositions: 2,
      perturbations: ['mask', 'swap', 'delete'] as const,
      pairs: 1,
    }
    expect(forwardsOf(SETTINGS, 200)).toBe(200 * 6)
    expect(forwardsOf(more, null)).toBe(500 * (1 + 5 + 6 + 3))
    // A deleted token has no states to put back: nine changes, 2 + 2.5 (L + 1) forwards each.
    expect(forwardsOf({ ...more, causal: 'restored' }, 1, 3)).toBe(1 + 5 + 6 + 3 + 9 * 12)
  })

  it('are no step of undo, and undo leaves them', () => {
    const store = createAppStore()
    const { editText, commitText, setRunSettings, undo, setView } = store.getState()
    editText('one')
    commitText()
    setRunSettings(SETTINGS)
    setView('corpus')
    expect(store.getState().history.past).toHaveLength(1)
    undo()
    expect(store.getState().session).toMatchObject({ text: '', run: { settings: SETTINGS } })
  })
})

it('takes back and forward between views for no step of undo', () => {
  const store = createAppStore()
  const { exploreText, setView, replaceSession } = store.getState()
  exploreText('one', 1)
  const { session, history } = store.getState()
  setView('corpus')
  replaceSession({ ...session })
  expect(store.getState().session.view).toBe('explore')
  expect(store.getState().history.past).toEqual(history.past)
  replaceSession({ ...session, text: 'two' })
  expect(store.getState().history.past).toHaveLength(history.past.length + 1)
})

it('hands a file over, and says why there is none', async () => {
  const { store, service, actions, corpus } = await running()
  const file = actions.downloadRun('parquet')
  expect(corpus().download.status).toBe('running')
  await service.waiting('download').resolve()
  expect((await file)?.name).toBe('ripplescope-started.parquet.zip')
  expect(corpus().download.status).toBe('done')
  const refused = actions.downloadRun('csv')
  await service.waiting('download').reject({ kind: 'storage', message: 'The records are gone.' })
  expect(await refused).toBeNull()
  expect(store.getState().notices.at(-1)?.text).toBe('The records are gone.')
})

describe('a run compared with the open one', () => {
  const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 0))
  const other = { ...SETTINGS, seed: 8 }
  const kept = (changes = {}) => storedRun('other', 'finished', { settings: other, ...changes })

  it('is drawn with the next run, its points where they are asked for, until it is given up', async () => {
    const { store, actions, corpus, service } = await running()
    service.listener().progress(progressOf('finished', 500))
    await service.answerAll()
    actions.compareWith({ kind: 'open' })
    await tick()
    await service.waiting('compareWith').resolve(storedRun('started'))
    await service.answerAll()
    expect(corpus().compared.value?.header.id).toBe('started')
    expect(comparison(store.getState())).toBeNull()

    actions.startRun(BUNDLED, other)
    await service.waiting('start').resolve(kept().header)
    service.listener().progress(progressOf('finished', 500))
    await service.answerAll()
    const compared = comparison(store.getState())
    expect(compared).toMatchObject({
      names: ['other.csv', 'started.csv'],
      layers: [2, 2],
      differences: { model: false, texts: 'other', settings: ['seed'] },
    })
    expect(compared?.figures?.commonness?.regression.n).toBe(500)
    expect(statisticDifferences(store.getState())).toMatchObject([
      { figure: 'commonness', statistic: 'slope, shift in l2', difference: 0 },
      { figure: 'commonness', statistic: 'r, shift in l2', difference: 0 },
    ])
    expect(shownTable(store.getState(), 'commonness')?.columns[0]).toBe('run')

    actions.setDisplay({ run: 'compared', norm: 'l1' })
    expect(service.waiting('scatter').arguments[0]).toEqual({
      of: 'occurrences',
      norm: 'l1',
      run: 'compared',
    })
    await service.answerAll()
    expect(comparison(store.getState())?.figures?.commonness?.norm).toBe('l1')
    actions.hoverPoint(1)
    expect(service.waiting('contexts').arguments).toEqual([[1], { run: 'compared', table: 'occurrences' }])
    actions.showPoint(2, 'perturbations')
    await service.answerAll()
    expect(service.calls.findLast(({ method }) => method === 'text')?.arguments).toEqual([12, 'compared'])

    actions.compareWith(null)
    await service.answerAll()
    expect(comparison(store.getState())).toBeNull()
    expect(corpus().display.run).toBe('open')
    expect(corpus().scatter.value?.norm).toBe('l1')
  })

  it('stays what it was where another one cannot be read, and that is said', async () => {
    const { store, actions, corpus, service } = await running()
    actions.compareWith({ kind: 'kept', runId: 'other' })
    await tick()
    await service.waiting('compareWith').resolve(kept())
    await service.answerAll()
    expect(comparison(store.getState())?.headers[1].id).toBe('other')
    actions.compareWith({ kind: 'file', file: new Blob(['{}']) })
    await tick()
    expect(corpus().compared.status).toBe('loading')
    await service.waiting('compareWith').reject({ kind: 'damaged-file', message: 'Not a run.' })
    expect(corpus().compared).toMatchObject({ status: 'ready', value: { header: { id: 'other' } } })
    expect(store.getState().notices.at(-1)?.text).toBe('Not a run.')
  })

  it('says so where another model is open than the one that cut the text', async () => {
    const { store, actions, service } = await running()
    const info = { id: 'another', provenance: { sha256: 'b'.repeat(64) } } as ModelInfo
    store.setState(({ model }) => ({ model: { ...model, info } }))
    actions.showPoint(1)
    await service.answerAll()
    expect(store.getState().session).toMatchObject({ text: 'text of 11', position: null })
    expect(store.getState().notices.at(-1)?.text).toMatch(/measured with tiny.*no token was chosen/)
  })
})

describe('names of tokens', () => {
  const vocabulary = ['<s>', 'Ġthe', 'Ġfilm', 'Ġa', 'Ġb', 's']
  const info = (sha256: string) => ({ id: 'm', provenance: { sha256 } }) as ModelInfo

  it('are shown without the marks of their kind, also once another model is open', async () => {
    const { store } = await running()
    store.setState(({ model }) => ({ model: { ...model, vocabulary, info: info('a'.repeat(64)) } }))
    const own = openTokens(store.getState())
    expect([own.entryOf(2), own.labelOf(2), own.labelOf(5), own.wordOf(2)]).toEqual([
      'Ġfilm',
      '␣film',
      's',
      'film',
    ])
    store.setState(({ model }) => ({
      model: { ...model, vocabulary: ['[CLS]', 'x', 'y'], info: info('b'.repeat(64)) },
    }))
    expect(openTokens(store.getState()).labelOf(2)).toBe('␣film')
  })

  it('are numbers where nobody knows them', async () => {
    const { store } = await running()
    store.setState(({ model }) => ({ model: { ...model, vocabulary, info: info('b'.repeat(64)) } }))
    expect(openTokens(store.getState()).labelOf(2)).toBe('#2')
  })
})
