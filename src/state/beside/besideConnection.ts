import type { PrioritizedExplorer } from '../../core/explorer'
import { fail } from '../../core/failure'
import { substitutionsKey } from '../../core/substitution'
import type { TokenizedText } from '../../core/token'
import { activeMeasurement } from '../explore/comparisonSelectors'
import { partsOfExplore } from '../explore/exploreContext'
import { createMeasurementCache } from '../explore/measurementCache'
import { createQuery } from '../query'
import { failed, idle, loading } from '../resource'
import { idsOf, type MeasuredChange } from '../results'
import type { AppStore } from '../storeTypes'
import { subscribeTo } from '../subscribeTo'
import { createTypingPause } from '../typingPause'
import { untilSettled } from '../untilSettled'
import { besideInfo, besidePlaces, besideSubstitutions, besideText, besideTokens } from './besideChange'
import type { BesideContext } from './besideLanguage'
import { createBesideLikelihoodsStep } from './besideLikelihoods'
import { createBesidePredictionStep } from './besidePrediction'
import type { BesideState } from './besideState'

export interface BesideServices {
  /** The session's own model, which reads a second text too. */
  first(): PrioritizedExplorer | null
  /** The model beside it. */
  second(): PrioritizedExplorer | null
  /** Pause in typing after which the second text is tokenised, ms. */
  readonly typingPause?: number
}

type Results = Pick<BesideState, 'tokenized' | 'neighbors' | 'measurement'>

/**
 * The second side, one way: the first side's change and what stands beside -> tokens, alignment, substitutes ->
 * measurement. It waits until the first side is measured, so that two models never share the machine while the user
 * waits for the first.
 *
 * @returns disconnects
 */
export function connectBeside(store: AppStore, services: BesideServices): () => void {
  const { typingPause = 150 } = services
  const cache = createMeasurementCache()
  const read = store.getState
  const write = (results: Partial<Results>) =>
    store.setState(({ beside }) => ({ beside: { ...beside, ...results } }))
  const resourceOf =
    <Key extends keyof Results>(key: Key) =>
    (resource: Results[Key]) =>
      write({ [key]: resource } as Pick<Results, Key>)

  let connected = true
  let asked = ''
  let generation = 0
  const pause = createTypingPause(typingPause)
  const update = untilSettled(look)

  const tokens = createQuery<TokenizedText>(() => read().beside.tokenized, resourceOf('tokenized'), update)
  const neighbors = createQuery<NonNullable<BesideState['neighbors']['value']>>(
    () => read().beside.neighbors,
    resourceOf('neighbors'),
    update,
  )
  const measurement = createQuery<MeasuredChange>(
    () => read().beside.measurement,
    resourceOf('measurement'),
    update,
  )

  const explorer = (): PrioritizedExplorer | null => {
    const state = read()
    if (!besideInfo(state)) return null
    return state.session.beside?.model ? services.second() : services.first()
  }
  const waits = () => fail('not-ready', 'This waits for the model.')
  const answering = () => explorer() ?? waits()
  const context: BesideContext = {
    store,
    get generation() {
      return generation
    },
    answering,
    answeringFirst: () => services.first() ?? waits(),
  }
  const prediction = createBesidePredictionStep(context, update)
  const likelihoods = createBesideLikelihoodsStep(context, update)

  /** Another model answers: nothing of the former one stands under its name. */
  function followSource(): void {
    const { session, model, beside } = read()
    const source = !session.beside
      ? ''
      : session.beside.model
        ? `second ${beside.model.opened}`
        : `first ${model.opened}`
    if (source === asked) return
    asked = source
    generation++
    cache.clear()
    tokens.show(idle())
    neighbors.show(idle())
    measurement.show(idle())
  }

  function updateTokens(): void {
    const { history } = read()
    const text = besideText(read())
    if (text === null || text.trim() === '' || !explorer()) {
      pause.end()
      tokens.show(idle())
      return
    }
    const ask = () => {
      pause.end()
      tokens.ask({
        key: text,
        generation,
        ask: async () => answering().tokenize(text),
      })
    }
    if (history.typingFrom === null || text === tokens.key) ask()
    else pause.begin(text, ask)
  }

  function updateNeighbors(sequence: string, tokenized: TokenizedText): void {
    const places = besidePlaces(read())
    if (!places) return
    const positions = [...new Set(places.flatMap(({ at }) => at ?? []))]
    const also = [...new Set(places.flatMap(({ sameId }) => sameId ?? []))]
    if (positions.length === 0) {
      neighbors.show(idle())
      return
    }
    const { filters } = read().session
    neighbors.ask({
      key: JSON.stringify([sequence, positions, also, filters]),
      generation,
      ask: async () => {
        const request = { inputIds: idsOf(tokenized), positions, k: 1, filters, also }
        const lists = await answering().neighbors(request, { priority: 'soon', lane: 'beside' })
        const byPosition = new Map(positions.map((position, i) => [position, lists[i] ?? []]))
        return { tokenized, filters, byPosition }
      },
    })
  }

  function updateMeasurement(sequence: string, tokenized: TokenizedText): void {
    const substitutions = besideSubstitutions(read())
    const ids = idsOf(tokenized)
    const { beside } = read()
    if (!substitutions) {
      const { failure } = beside.neighbors
      const { value } = beside.measurement
      measurement.show(failure ? failed(failure, value) : loading(value))
      return
    }
    if (substitutions.length === 0) {
      measurement.show(idle())
      return
    }
    const key = `${sequence}|${substitutionsKey(substitutions)}`
    const kept = cache.get(ids, substitutions)
    if (kept) {
      measurement.answer(key, generation, { tokenized, measurement: kept })
      return
    }
    measurement.ask({
      key,
      generation,
      ask: async () => {
        const mine = generation
        const measured = await answering().measure(
          { inputIds: ids, substitutions },
          { priority: 'soon', lane: 'beside' },
        )
        if (mine === generation) cache.set(ids, measured)
        return { tokenized, measurement: measured }
      },
    })
  }

  function look(): void {
    if (!connected) return
    followSource()
    updateTokens()
    const state = read()
    const tokenized = besideTokens(state)
    if (!tokenized || !explorer()) {
      neighbors.show(idle())
      measurement.show(idle())
    } else if (activeMeasurement(state) || state.measurement.status === 'error') {
      const sequence = idsOf(tokenized).join(',')
      updateNeighbors(sequence, tokenized)
      updateMeasurement(sequence, tokenized)
    }
    prediction.update()
    likelihoods.update()
  }

  const steps = [tokens, neighbors, measurement, prediction, likelihoods]
  const unsubscribe = [
    subscribeTo(
      store,
      ({ session, beside: { model } }) => [session, model.info],
      () => {
        for (const step of steps) step.retry()
      },
    ),
    subscribeTo(store, partsOfExplore, update),
  ]
  update()
  return () => {
    connected = false
    for (const end of unsubscribe) end()
    pause.end()
    for (const step of steps) step.stop()
  }
}
