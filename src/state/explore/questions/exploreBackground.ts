import type { Measurement } from '../../../core/measures/measurement'
import { type Substitution, substitutionsKey } from '../../../core/measures/substitution'
import type { Pin } from '../../../core/session/session'
import type { TokenizedText } from '../../../core/text/token'
import type { PinnedChange } from '../../appState'
import { loading, ready } from '../../resource'
import { idsOf, sameSequence } from '../../results'
import { chosenPosition, heldSubstitutions, tokenSubstitutes } from '../../side/activeSubstitutions'
import { OWN, type Side, withSide } from '../../side/side'
import { modelInfo } from '../../side/sideModel'
import { currentTokens, inputIds, sideText } from '../../side/sideTokens'
import { textSubstitutes } from '../../side/substitutes'
import type { Job } from './background'
import { answering, type ExploreContext } from './exploreContext'

/** Number of listed neighbours that are measured for the table unless all are wanted. */
const LISTED = 8

type Skip = (key: string) => boolean

export interface BackgroundStep {
  update(): void
  /**
   * Returns the next job: first the change under the pointer, then pins, then the rows of the table, then what the review
   * is tinted by, then the top substitute of each token.
   *
   * @param nextEffect returns the next job for the review as a whole
   */
  next(skip: Skip, nextEffect: (skip: Skip) => Job | null): Job | null
  /** Starts again after another model was opened: questions that it has not answered are asked again. */
  reset(): void
}

/** Measures what nobody waits for. Results go to memory; `update` shows the contents of memory. */
export function createBackgroundStep(context: ExploreContext): BackgroundStep {
  const { store, cache, side } = context
  const read = store.getState
  const own = () => read().sides[side]
  const write = (changes: Partial<Side>) => store.setState((state) => withSide(state, side, changes))
  const pinTexts = new Map<string, TokenizedText>()
  const pinStates = new Map<string, PinnedChange>()

  const changeOf = (position: number, tokenId: number): readonly Substitution[] => [
    ...heldSubstitutions(read(), side).filter((substitution) => substitution.position !== position),
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
      // A former source's measurement stays until the new source's arrives.
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
    const ids = inputIds(state, side)
    const listed = tokenSubstitutes(state, side)
    if (!ids || !listed || own().chosenNeighbors.status !== 'ready') return null
    const { position, rows: all } = listed
    const { allSubstitutes } = own().wanted
    const rows = all.filter(
      ({ tokenId, typed }, i) => allSubstitutes || i < LISTED || typed || tokenId === state.session.tokenId,
    )
    return { ids, position, rows, all }
  }

  /** Returns the change that a click at the pointer would make. */
  const considered = () => {
    const state = read()
    const ids = inputIds(state)
    const { change } = state.wanted
    if (!ids || !change || change.position >= ids.length) return null
    const nearest = own().neighbors.status === 'ready' ? textSubstitutes(state)?.byPosition : undefined
    const tokenId = change.tokenId ?? nearest?.[change.position]?.[0]?.tokenId
    if (tokenId === undefined) return null
    return { ids, substitutions: changeOf(change.position, tokenId) }
  }

  let measuredBy = -1

  /** Says whether a measurement need not be asked for: shipped ones only stand until the model's own come. */
  const isMeasured = (measurement: Measurement | undefined) =>
    measurement !== undefined && !(context.isLive && measurement.provenance.shipped)

  /** Says whether a measurement was shipped with the page, of the very model that is open now. */
  const isShippedOfOpen = ([, { provenance }]: readonly [number, Measurement]) =>
    provenance.shipped && provenance.sha256 === modelInfo(read(), side)?.provenance.sha256

  function updateListed() {
    const state = read()
    const held = heldSubstitutions(state, side)
    const tokenized = currentTokens(state, side)
    const position = chosenPosition(state, side)
    const known = own().neighborMeasurements
    if (!tokenized || position === null) {
      if (known) write({ neighborMeasurements: null })
      return
    }
    const same =
      known &&
      known.position === position &&
      substitutionsKey(known.held) === substitutionsKey(held) &&
      sameSequence(known.tokenized, tokenized)
    const present = same && measuredBy === context.generation
    measuredBy = context.generation
    const byToken = new Map(present ? known.byToken : same ? [...known.byToken].filter(isShippedOfOpen) : [])
    let changed = !present
    const found = listed()
    for (const { tokenId } of found?.all ?? []) {
      if (!found || isMeasured(byToken.get(tokenId))) continue
      const substitutions = changeOf(found.position, tokenId)
      const measurement = cache.has(found.ids, substitutions) && cache.get(found.ids, substitutions)
      if (!measurement) continue
      byToken.set(tokenId, measurement)
      changed = true
    }
    if (!changed) return
    write({ neighborMeasurements: { tokenized, position, held, byToken } })
  }

  /** Returns the top substitute of each token that may be substituted, visible ones first. */
  function topChanges(): {
    readonly ids: readonly number[]
    readonly changes: readonly (readonly Substitution[])[]
  } {
    const state = read()
    const ids = inputIds(state)
    const nearest = textSubstitutes(state)?.byPosition
    if (!ids || !nearest || own().neighbors.status !== 'ready') return { ids: [], changes: [] }
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

  const text = () => sideText(read(), side) ?? ''

  /** Returns the job for the change under the pointer. */
  function nextConsidered(skip: Skip): Job | null {
    const likely = context.isLive ? considered() : null
    if (likely && !cache.has(likely.ids, likely.substitutions)) {
      const key = jobKey(text(), likely.substitutions)
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
    return null
  }

  function nextPin(skip: Skip): Job | null {
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
    return null
  }

  function nextListed(skip: Skip): Job | null {
    const found = listed()
    for (const { tokenId } of found?.rows ?? []) {
      if (!found || isMeasured(own().neighborMeasurements?.byToken.get(tokenId))) continue
      const substitutions = changeOf(found.position, tokenId)
      const key = jobKey(text(), substitutions)
      if (skip(key)) continue
      return {
        key,
        run: async () => {
          await context.measure(found.ids, substitutions, { priority: 'soon', lane: 'listed' })
        },
      }
    }
    return null
  }

  /** Changes of the present text measured ahead: memory may have let go of them, and is not filled again. */
  let ahead = { of: '', keys: new Set<string>() }

  function nextAhead(skip: Skip): Job | null {
    const { flips, occlusion } = own()
    // What the user has started goes before what may never be asked for.
    if (!context.isLive || [flips, occlusion].some((one) => one?.task.status === 'running')) return null
    const { ids, changes } = topChanges()
    const of = `${context.generation}|${text()}`
    if (ahead.of !== of) ahead = { of, keys: new Set() }
    const { keys } = ahead
    const wanted = changes.find((change) => {
      const key = substitutionsKey(change)
      return !keys.has(key) && !cache.has(ids, change) && !skip(jobKey(text(), change))
    })
    if (!wanted) return null
    return {
      key: jobKey(text(), wanted),
      run: async () => {
        await context.measure(ids, wanted, { priority: 'ahead' })
        keys.add(substitutionsKey(wanted))
      },
    }
  }

  return {
    update: () => {
      updateListed()
      if (side !== OWN) return
      updatePins()
      updateAhead()
    },
    reset: () => {
      pinTexts.clear()
      pinStates.clear()
    },
    next: (skip, nextEffect) => {
      if (side !== OWN) return (own().wanted.substitutes ? nextListed(skip) : null) ?? nextEffect(skip)
      return nextConsidered(skip) ?? nextPin(skip) ?? nextListed(skip) ?? nextEffect(skip) ?? nextAhead(skip)
    },
  }
}
