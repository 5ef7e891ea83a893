import { format } from 'd3-format'
import { PAPER } from '../src/core/corpus/claims'
import type { Figures } from '../src/core/corpus/figures'
import { MOST_FREQUENT } from '../src/core/corpus/frequencyFigure'
import type { CorpusRun } from '../src/core/corpus/run'

const three = format('.3f')
const percent = format('.2%')
const short = format('.3~g')
const range = (values: readonly number[]) => values.map((value) => short(value)).join(', ')

interface Row {
  readonly what: string
  readonly paper: string
  readonly ours: string
}

function frequencyRows({ frequency }: Figures, vocabulary: readonly string[], { counts }: CorpusRun): Row[] {
  if (!frequency) return []
  const tokens = counts.counts.reduce((sum, count) => sum + count, 0)
  const share = (token: string) => {
    const i = counts.tokenIds.indexOf(vocabulary.indexOf(token))
    return percent(i < 0 ? 0 : counts.counts[i] / tokens)
  }
  const paperRho: Readonly<Record<string, number>> = PAPER.spearman
  return [
    ...frequency.agreement.flatMap(({ norms, pearson, spearman }) => {
      const pair = [...norms].sort().join()
      return [
        {
          what: `fig. 1: Pearson r of the counts, ${norms.join(' and ')}`,
          paper: String(PAPER.pearson),
          ours: `${three(pearson.coefficient)} (n ${pearson.n})`,
        },
        {
          what: `fig. 1: Spearman rho over the ${MOST_FREQUENT} most frequent, ${norms.join(' and ')}`,
          paper: String(paperRho[pair] ?? ''),
          ours: `${three(spearman.coefficient)} (n ${spearman.n})`,
        },
      ]
    }),
    {
      what: `fig. 1: share of substitutions held by the ${MOST_FREQUENT} most frequent`,
      paper: `${100 * PAPER.topShare} %`,
      ours: percent(frequency.topShare),
    },
    {
      what: 'fig. 1: most frequent among the least impactful, l2',
      paper: 'mostly punctuation and numbers',
      ours: frequency.tokens
        .slice(0, 12)
        .map(({ tokenId, counts: by }) => `\`${vocabulary[tokenId]}\` ${by.l2}`)
        .join(', '),
    },
    { what: 'share of `.` in the corpus', paper: '4.20 %', ours: share('.') },
    { what: 'share of `,` in the corpus', paper: '3.54 %', ours: share(',') },
  ]
}

function depthRows({ commonness, propagation, identifiability }: Figures): Row[] {
  const rows: Row[] = []
  if (commonness) {
    const { slope, r, p, n } = commonness.regression
    rows.push({
      what: 'fig. 2: shift against commonness',
      paper: 'decreasing',
      ours: `slope ${three(slope)}, r ${three(r)}, p ${short(p)}, n ${n}`,
    })
    rows.push({
      what: 'fig. 2: mean shift by bin of commonness',
      paper: 'decreasing',
      ours: range(commonness.bins.map(({ mean }) => mean)),
    })
  }
  for (const { rank, layers } of propagation?.ranks ?? []) {
    rows.push({
      what: `fig. 3: mean D_l, l = 0..${layers.length - 1}, rank ${rank}`,
      paper: 'rises with depth except at the last layer; ranks 1 and 2 lower',
      ours: range(layers.map(({ mean }) => mean)),
    })
  }
  if (propagation) {
    rows.push({
      what: 'fig. 3: variance of D_l by layer, all ranks',
      paper: 'grows with depth',
      ours: range(propagation.all.map(({ variance }) => variance)),
    })
  }
  if (identifiability) {
    rows.push({
      what: 'identifiability by layer',
      paper: `falls with depth; from layer ${PAPER.lostLayer} on not its own token`,
      ours: identifiability.layers.map(({ rate }) => percent(rate)).join(', '),
    })
  }
  return rows
}

function effectRows({ effect, pairs, perturbations }: Figures): Row[] {
  const rows: Row[] = []
  const none = '(not measured)'
  if (effect) {
    const { againstShift, againstLastDistance } = effect
    rows.push({
      what: 'labels that flip, nearest substitutions',
      paper: none,
      ours: `${percent(effect.flips)} of ${effect.n}`,
    })
    rows.push({
      what: 'change of probability against shift: Pearson, Spearman',
      paper: none,
      ours: `${three(againstShift.pearson.coefficient)}, ${three(againstShift.spearman.coefficient)}`,
    })
    rows.push({
      what: 'change of probability against D at the last layer: Pearson, Spearman',
      paper: none,
      ours: `${three(againstLastDistance.pearson.coefficient)}, ${three(againstLastDistance.spearman.coefficient)}`,
    })
  }
  if (pairs) {
    for (const { place, layers } of pairs.kinds) {
      rows.push({
        what: `two ${place} tokens at once: mean D(a+b) / (D(a) + D(b)) by layer`,
        paper: none,
        ours: range(layers.map(({ ratio }) => ratio)),
      })
    }
  }
  for (const { perturbation, n, meanShift, layers, flips } of perturbations?.kinds ?? []) {
    rows.push({
      what: `${perturbation} at a random position (n ${n}): shift, D at the last layer, flips`,
      paper: none,
      ours: `${short(meanShift)}, ${short(layers.at(-1)?.mean ?? Number.NaN)}, ${percent(flips)}`,
    })
  }
  return rows
}

/** Writes a run's numbers and the paper's as a table in Markdown (docs/replication.md). */
export function paperTable(run: CorpusRun, figures: Figures, vocabulary: readonly string[]): string {
  const { header } = run
  const rows = [...frequencyRows(figures, vocabulary, run), ...depthRows(figures), ...effectRows(figures)]
  const lines = [
    `${header.origin.name}: ${header.corpus.rows} texts, ${header.corpus.tokens} tokens; sample of ${header.sampled}, seed ${header.settings.seed}; ${header.provenance.modelId} (${header.provenance.precision}), ${header.provenance.device}`,
    '',
    '| what | paper | here |',
    '| --- | --- | --- |',
    ...rows.map(({ what, paper, ours }) => `| ${what} | ${paper} | ${ours} |`),
  ]
  return `${lines.join('\n')}\n`
}
