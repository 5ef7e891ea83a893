import type { Pin } from '../../core/session'
import { type Substitution, substitutionsKey } from '../../core/substitution'
import type { TokenizedText } from '../../core/token'
import type { PinnedChange } from '../appState'
import { loading, ready } from '../resource'
import { idsOf, sameSequence } from '../results'
import {
  chosenPosition,
  currentTokens,
  inputIds,
  textSubstitutes,
  tokenSubstitutes,
} from './activeSubstitutions'
import type { Job } from './background'
import { answering, type ExploreContext } from './exploreContext'

/** Listed neighbours that are measured for the table. */
const LISTED = 8

export interface BackgroundStep {
  update(): void
  /** Where the pointer rests first, then pins, then what the table lists, then the top substitute of each token. */
  next(skip: (key: string) => boolean): Job | null
  /** Another model is open: what it has not answered is asked again. */
  reset(): void
}

/** What is measured without being waited for. Results go to memory; `update` shows what memory holds. */
export function createBackgroundStep(context: ExploreContext): BackgroundStep {
  const { store, cache } = context
  const read = store.getState
  const pinTexts = new Map<string, TokenizedText>()
  const pinStates = new Map<string, PinnedChange>()

  const changeOf = (position: number, tokenId: number): readonly Substitution[] => [
    ...read().session.held.filter((substitution) => substitution.position !== position),
    { position, tokenId },
  ]
  const jobKey = (text: string, substitutions: readonly Substitution[]) =>
    `${context.generation}|${substitutionsKey(substitutions)}|${text}`

  const tokensOf = (text: string) => {
    const known = pinTexts.get(text)
    if (known) return known
    const current = currentTokens(read())
    if (current?.text !== text) return null
    pinTexts.set(text, current)
    return current
  }

  const readPinText = async (text: string) => {
    const tokenized = await answering(context).tokenize(text)
    pinTexts.set(text, tokenized)
    return tokenized
  }

  function pinState(pin: Pin): PinnedChange {
    const key = jobKey(pin.text, pin.substitutions)
    const shown = pinStates.get(key)
    if (shown?.measurement.status === 'ready' && shown.pin === pin) return shown
    const tokenized = tokensOf(pin.text)
    const measurement = tokenized && cache.get(idsOf(tokenized), pin.substitutions)
    if (shown && !measurement && shown.tokenized === tokenized && shown.pin === pin) return shown
    const state = { pin, tokenized, measurement: measurement ? ready(measurement) : loading<never>() }
    pinStates.set(key, state)
    return state
  }

  function updatePins() {
    const { session, pinned } = read()
    const states = session.pins.map((pin) => {
      const state = pinState(pin)
      if (state.measurement.status === 'ready') return state
      // A former source's measurement stays until this one's comes.
      const former = pinned.find(
        (one) =>
          one.measurement.value &&
          one.pin.text === pin.text &&
          substitutionsKey(one.pin.substitutions) === substitutionsKey(pin.substitutions),
      )
      if (!former) return state
      return former.pin === pin ? former : { ...former, pin }
    })
    if (states.length !== pinned.length || states.some((state, i) => state !== pinned[i])) {
      store.setState({ pinned: states })
    }
    const texts = new Set(session.pins.map(({ text }) => text))
    for (const text of pinTexts.keys()) if (!texts.has(text)) pinTexts.delete(text)
    const keys = new Set(session.pins.map((pin) => jobKey(pin.text, pin.substitutions)))
    for (const key of pinStates.keys()) if (!keys.has(key)) pinStates.delete(key)
  }

  const listed = () => {
    const state = read()
    const ids = inputIds(state)
    const listed = tokenSubstitutes(state)
    if (!ids || !listed || state.chosenNeighbors.status !== 'ready') return null
    const { position, rows: all } = listed
    const rows = all.filter(({ tokenId }, i) => i < LISTED || tokenId === state.session.tokenId)
    return { ids, position, rows, all }
  }

  /** What a click where the pointer rests would substitute. */
  const considered = () => {
    const state = read()
    const ids = inputIds(state)
    const { change } = state.wanted
    if (!ids || !change || change.position >= ids.length) return null
    const nearest = state.neighbors.status === 'ready' ? textSubstitutes(state)?.byPosition : undefined
    const tokenId = change.tokenId ?? nearest?.[change.position]?.[0]?.tokenId
    if (tokenId === undefined) return null
    return { ids, substitutions: changeOf(change.position, tokenId) }
  }

  let measuredBy = -1

  function updateListed() {
    const state = read()
    const { held } = state.session
    const tokenized = currentTokens(state)
    const position = chosenPosition(state)
    const known = state.neighborMeasurements
    if (!tokenized || position === null) {
      if (known) store.setState({ neighborMeasurements: null })
      return
    }
    const present =
      known &&
      measuredBy === context.generation &&
      known.position === position &&
      substitutionsKey(known.held) === substitutionsKey(held) &&
      sameSequence(known.tokenized, tokenized)
    measuredBy = context.generation
    const byToken = new Map(present ? known.byToken : [])
    const found = listed()
    for (const { tokenId } of found?.all ?? []) {
      if (!found || byToken.has(tokenId)) continue
      const substitutions = changeOf(found.position, tokenId)
      const measurement = cache.has(found.ids, substitutions) && cache.get(found.ids, substitutions)
      if (measurement) byToken.set(tokenId, measurement)
    }
    if (present && byToken.size === known.byToken.size) return
    store.setState({ neighborMeasurements: { tokenized, position, held, byToken } })
  }

  /** The top substitute of each token that may be substituted, those in sight first. */
  function topChanges(): {
    readonly ids: readonly number[]
    readonly changes: readonly (readonly Substitution[])[]
  } {
    const state = read()
    const ids = inputIds(state)
    const nearest = textSubstitutes(state)?.byPosition
    if (!ids || !nearest || state.neighbors.status !== 'ready') return { ids: [], changes: [] }
    const held = new Set(state.session.held.map(({ position }) => position))
    const order = new Set([...state.visiblePositions, ...ids.keys()])
    const changes = [...order].flatMap((position) => {
      const top = nearest[position]?.[0]
      return top && !held.has(position) ? [changeOf(position, top.tokenId)] : []
    })
    return { ids, changes }
  }

  function updateAhead() {
    const { ids, changes } = topChanges()
    const measuredAhead = changes.filter((change) => cache.has(ids, change)).length
    if (measuredAhead !== read().measuredAhead) store.setState({ measuredAhead })
  }

  return {
    update: () => {
      updatePins()
      updateListed()
      updateAhead()
    },
    reset: () => {
      pinTexts.clear()
      pinStates.clear()
    },
    next: (skip) => {
      const { text } = read().session
      const likely = context.isLive ? considered() : null
      if (likely && !cache.has(likely.ids, likely.substitutions)) {
        const key = jobKey(text, likely.substitutions)
        if (!skip(key)) {
          return {
            key,
            run: async () => {
              await context.measure(likely.ids, likely.substitutions, {
                priority: 'soon',
                lane: 'considered',
              })
            },
          }
        }
      }
      for (const pin of read().session.pins) {
        const key = jobKey(pin.text, pin.substitutions)
        if (skip(key) || pinStates.get(key)?.measurement.status === 'ready') continue
        return {
          key,
          run: async () => {
            const tokenized = tokensOf(pin.text) ?? (await readPinText(pin.text))
            await context.measure(idsOf(tokenized), pin.substitutions, { priority: 'soon', lane: 'pins' })
          },
        }
      }
      const found = listed()
      for (const { tokenId } of found?.rows ?? []) {
        if (!found || read().neighborMeasurements?.byToken.has(tokenId)) continue
        const substitutions = changeOf(found.position, tokenId)
        const key = jobKey(text, substitutions)
        if (skip(key)) continue
        return {
          key,
          run: async () => {
            await context.measure(found.ids, substitutions, { priority: 'soon', lane: 'listed' })
          },
        }
      }
      if (!context.isLive) return null
      const { ids, changes } = topChanges()
      const wanted = changes.find((change) => !cache.has(ids, change) && !skip(jobKey(text, change)))
      if (!wanted) return null
      return {
        key: jobKey(text, wanted),
        run: async () => {
          await context.measure(ids, wanted, { priority: 'ahead' })
        },
      }
    },
  }
}
