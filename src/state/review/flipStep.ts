import {
  type FlipProgress,
  type FlipVerdict,
  labelVerdict,
  searchFlip,
  tokenVerdict,
} from '../../core/measures/flipSearch'
import { predictionKind } from '../../core/measures/prediction'
import { type Substitution, substituteTokens } from '../../core/measures/substitution'
import type { Step } from '../explore/questions/exploreComparison'
import { answering, type ExploreContext, TOKENS_AT_ONCE } from '../explore/questions/exploreContext'
import { keepPace } from '../explore/questions/pace'
import { type FlipSearch, type FlipSettings, idsOf } from '../results'
import { OWN, withSide } from '../side/side'
import { modelInfo } from '../side/sideModel'
import { currentTokens } from '../side/sideTokens'
import { createTask, NO_TASK } from '../task'
import { type FlipKind, flipCandidates, flipKind, flipPlace, flipSearch } from './flipSelectors'

/**
 * Largest difference between the logits of a change measured among others and alone, by far: what is nearer to a flip is
 * measured alone, as it will be shown.
 */
const ROUNDING = 1e-3

/** Number of forwards that tell a pace. */
const ENOUGH = 8

/** Answers that can flip. */
const FLIPPING: ReadonlySet<FlipKind> = new Set(['label', 'independent', 'next-token', 'mask'])

/** Searches for the fewest substitutions that flip a side's answer: it starts, stops and goes on as the state wants. */
export function createFlipStep(context: ExploreContext): Step {
  const { store, side } = context
  const read = store.getState
  const write = (flips: FlipSearch) => store.setState((state) => withSide(state, side, { flips }))
  /** Verdicts on the text, place and model that were searched last: the next search goes on from them. */
  let known = { of: '', verdicts: new Map<string, FlipVerdict>() }
  /** Search on screen, and its request while it runs. */
  let shown: FlipSearch | null = null
  let running: FlipSettings | null = null
  let asked: FlipSettings | null = null
  let began = 0
  const task = createTask<FlipProgress>((state) => {
    if (!shown) return
    const seconds = (performance.now() - began) / 1000
    shown = { ...shown, task: state, last: state.progress ?? shown.last, seconds }
    write(shown)
    const measured = shown.last?.measured ?? 0
    if (state.status !== 'running' && measured >= ENOUGH) keepPace(store, side, 1000 * seconds, measured)
  })

  /** Measures classifiers' answers, many in one forward. */
  async function labels(
    ids: readonly number[],
    changes: readonly (readonly Substitution[])[],
  ): Promise<FlipVerdict[]> {
    const kind = predictionKind(modelInfo(read(), side))
    const alone = async (change: readonly Substitution[]) => {
      const { logits } = await context.measure(ids, change, { priority: 'soon' })
      return labelVerdict(logits ?? { before: [], after: [] }, kind)
    }
    const many = changes.length > 1 ? context.variants() : null
    if (!many) return Promise.all(changes.map(alone))
    const inputs = changes.map((change) => ({ inputIds: substituteTokens(ids, change) }))
    const { logitsBefore, logitsAfter } = await many.measureVariants(ids, inputs)
    const before = Array.from(logitsBefore ?? [])
    return Promise.all(
      changes.map((change, i) => {
        const after = Array.from(logitsAfter?.subarray(i * before.length, (i + 1) * before.length) ?? [])
        const verdict = labelVerdict({ before, after }, kind)
        return Math.abs(verdict.lead) < ROUNDING ? alone(change) : verdict
      }),
    )
  }

  /** Measures a language model's answers at a place. */
  async function tokens(
    ids: readonly number[],
    position: number,
    changes: readonly (readonly Substitution[])[],
  ): Promise<FlipVerdict[]> {
    const verdicts: FlipVerdict[] = []
    for (const substitutions of changes) {
      const request = { inputIds: ids, substitutions, position, k: 2 }
      verdicts.push(tokenVerdict(await answering(context).predictTokens(request, { priority: 'soon' })))
    }
    return verdicts
  }

  async function search(settings: FlipSettings): Promise<void> {
    const { session } = read()
    const tokenized = currentTokens(read(), side)
    const candidates = flipCandidates(read(), side, settings.neighbors)
    if (!tokenized || !candidates || !context.isLive || !FLIPPING.has(flipKind(read(), side))) return
    const place = flipPlace(read(), side)
    const ids = idsOf(tokenized)
    const of = `${context.generation}|${place}|${ids.join(',')}`
    if (known.of !== of) known = { of, verdicts: new Map() }
    const { verdicts } = known
    running = settings
    began = performance.now()
    const { filters } = session
    shown = { tokenized, filters, place, settings, task: NO_TASK, last: null, seconds: 0, result: null }
    const end = await task.run(({ signal, report }) =>
      searchFlip({
        ...settings,
        candidates,
        atOnce: place === null ? Math.max(1, Math.floor(TOKENS_AT_ONCE / ids.length)) : 1,
        known: verdicts,
        signal,
        onProgress: report,
        measure: (changes) => (place === null ? labels(ids, changes) : tokens(ids, place, changes)),
      }),
    )
    if (running !== settings) return
    running = null
    if (end.status !== 'done' || !shown) return
    shown = { ...shown, result: end.value }
    write(shown)
    const { held, position, tokenId } = read().session
    const untouched = held === session.held && position === session.position && tokenId === session.tokenId
    // The path becomes what is held, unless the user has gone on to another change meanwhile.
    if (side === OWN && end.value.found && untouched) read().holdSubstitutions(end.value.found.changes)
  }

  return {
    // Nobody waits for it: measurements in advance go on meanwhile.
    pending: false,
    update: () => {
      const { wanted, flips } = read().sides[side]
      // Another model's answers replace all: what is written after that would be the former one's.
      if (flips === null) shown = null
      const isPresent = flipSearch(read(), side) !== null && known.of.startsWith(`${context.generation}|`)
      if (running && (wanted.flips !== running || !isPresent)) {
        running = null
        task.abort()
      }
      if (wanted.flips === asked) return
      asked = wanted.flips
      if (asked) void search(asked)
    },
    retry: () => undefined,
    stop: () => task.abort(),
  }
}
