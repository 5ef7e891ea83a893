import type { CommonConfig } from '../../weights/modelConfig'
import type { Rotary } from '../../weights/rotary'
import type { Value } from '../builder/graphBuilder'
import { activate } from '../layers/activation'
import { alibi } from '../layers/alibi'
import {
  type AttentionOptions,
  attention,
  attentionByHeads,
  joinHeads,
  splitHeads,
} from '../layers/attention'
import { decoderHeads, type Head } from '../layers/heads'
import { type LinearOptions, linear } from '../layers/linear'
import { type Norm, plainLayerNorm, writeNorm } from '../layers/normalization'
import { rotate } from '../layers/rotary'
import { Family, type FamilyInput } from './family'

/** Names the norms' tensors of one part of a layer (attention or feed-forward). */
export interface PartNorms {
  /** Norm of the part's input. */
  readonly before?: string
  /** Norm of the part's output, before it is added to the state. */
  readonly inside?: string
  /** Norm of the sum. */
  readonly after?: string
}

/** Names a family's tensors; names inside a layer are relative to the layer's. */
export interface DecoderNames {
  /** Prefix of the base model's tensors in files that transformers saved with a head. */
  readonly prefix: string
  readonly wordTable: string
  /** `layers`, under which each layer has its number. */
  readonly layers: string
  readonly attentionNorms: PartNorms
  readonly feedForwardNorms: PartNorms
  readonly finalNorm: string | null
  /** Projections of queries, keys and values, or the one of all three. */
  readonly projections: readonly [query: string, key: string, value: string] | string
  readonly attentionOutput: string
  /** Absent where the feed-forward part has no gate; equal to `up` where both are one product, the gate first. */
  readonly gate?: string
  readonly up: string
  readonly down: string
  /** Product with the output table. */
  readonly head: string
}

/** Describes how one layer's positions attend to each other. */
export interface DecoderAttention {
  /** Number of earlier positions that a position sees; null: all of them. */
  readonly reach: number | null
  /** null: none. */
  readonly rotary: Rotary | null
  /** Factor of the products of queries and keys; 1 / sqrt(headSize) by default. */
  readonly scale?: number
}

/** Describes a norm of queries and keys. */
export interface HeadNorm {
  readonly query: string
  readonly key: string
  readonly norm: Norm
  /** Reach of the norm: one head with a weight for all heads, one head with a weight each, or all heads together. */
  readonly over: 'head' | 'own-head' | 'all'
}

/** Holds the values in which families differ: a stack of layers with norms around each part. */
export interface DecoderConfig extends CommonConfig {
  readonly names: DecoderNames
  /** Heads of keys and values; each serves `heads / keyHeads` heads of queries. */
  readonly keyHeads: number
  readonly headSize: number
  readonly norm: Norm
  /** Attention, by layer. */
  readonly attention: readonly DecoderAttention[]
  readonly projectionBias: boolean
  readonly outputBias: boolean
  readonly feedForwardBias: boolean
  readonly headBias?: boolean
  /** Layout of the linear layers' weights. */
  readonly layout?: LinearOptions['layout']
  /** Order of queries, keys and values in one product of all three: one after the other, or by heads of keys. */
  readonly joined?: 'by-part' | 'by-key-head'
  readonly headNorm?: HeadNorm | null
  /** Largest distance of queries, keys and values from 0; larger ones are clipped to it. */
  readonly projectionLimit?: number | null
  /** Scores of attention are bent below this: cap tanh(score / cap). */
  readonly scoreCap?: number | null
  /** Scores of attention grow with the position of the key (Press et al. 2022). */
  readonly alibi?: { readonly coarse: boolean; readonly scale: number } | null
  /** true if attention and feed-forward part both start from the layer's input. */
  readonly parallel?: boolean
  /** Factor of a part's result before it is added. */
  readonly residualScale?: number
  /** true if a part's result is added to the normed state instead of the state itself. */
  readonly residualFromNorm?: boolean
  /** true (the default) if a position sees only earlier ones. */
  readonly causal?: boolean
  readonly embeddingScale?: number
  readonly embeddingNorm?: string
  /** The table of learned positions and its row for the first. */
  readonly positions?: { readonly name: string; readonly offset: number }
  /** The table of segments and its rows; the first is the one used. */
  readonly segments?: { readonly name: string; readonly count: number }
  readonly logitScale?: number
  readonly logitCap?: number | null
}

/** Writes GPT-2, Llama and all of their patterns, and encoders built like them, from the values of a config. */
export class Decoder<C extends DecoderConfig = DecoderConfig> extends Family<C> {
  constructor(input: FamilyInput<C>) {
    const { prefix, wordTable } = input.config.names
    super(input, { prefix, name: wordTable })
  }

  /** Writes h_0: the word, with its learned position where the family has such. */
  embeddings(inputIds: Value, positionIds: Value, name?: string): Value {
    const { builder, parameters } = this.scope
    const { positions, segments, embeddingScale = 1, embeddingNorm, maxPositions, width } = this.config
    let states = this.#scaled(this.wordRows(inputIds), embeddingScale)
    if (segments) {
      const first = builder.constant('int64', [0], [])
      const row = parameters.rows(`${this.prefix}${segments.name}`, [segments.count, width], first)
      states = builder.node('Add', [states, row])
    }
    if (positions) {
      const { offset } = positions
      const places =
        offset === 0
          ? positionIds
          : builder.node('Add', [positionIds, builder.constant('int64', [offset], [])])
      const table = `${this.prefix}${positions.name}`
      const rows = parameters.rows(table, [maxPositions + offset, width], places)
      states = builder.node('Add', [states, rows])
    }
    return embeddingNorm === undefined
      ? builder.node('Identity', [states], { name })
      : this.#norm(states, `${this.prefix}${embeddingNorm}`, name)
  }

  layer(index: number, hiddenStates: Value, name: string): Value {
    const { names, parallel = false } = this.config
    const layer = `${this.prefix}${names.layers}.${index}.`
    const attend = (states: Value) => this.#attention(states, layer, index)
    const feed = (states: Value) => this.#feedForward(states, layer)
    const { attentionNorms, feedForwardNorms } = names
    if (parallel) {
      const attended = this.#part(hiddenStates, layer, attentionNorms, attend)
      const fed = this.#part(hiddenStates, layer, feedForwardNorms, feed)
      const sum = this.scope.builder.node('Add', [attended.result, fed.result])
      return this.scope.builder.node('Add', [hiddenStates, sum], { name })
    }
    const attended = this.#sum(hiddenStates, layer, attentionNorms, attend)
    return this.#sum(attended, layer, feedForwardNorms, feed, name)
  }

  override finalNorm(hiddenStates: Value): Value {
    const { finalNorm } = this.config.names
    return finalNorm === null ? hiddenStates : this.#norm(hiddenStates, `${this.prefix}${finalNorm}`)
  }

  protected heads(): Head[] {
    const { names, headBias, logitScale = 1, logitCap } = this.config
    // transformers 5 has one name for it in memory, whatever it writes.
    const head = [names.head, 'lm_head'].find((name) => this.has(`${name}.weight`)) ?? names.head
    const table = this.outputTable(`${head}.weight`)
    return decoderHeads(this.scope, this.config, table, {
      bias: headBias ? `${head}.bias` : undefined,
      finish: (logits) => this.#capped(this.#scaled(logits, logitScale), logitCap),
    })
  }

  /** Returns a part's result, and the normed state that it started from. */
  #part(states: Value, layer: string, norms: PartNorms, write: (states: Value) => Value) {
    const { residualScale = 1 } = this.config
    const input = norms.before === undefined ? states : this.#normOnce(states, layer + norms.before)
    const given = write(input)
    const normed = norms.inside === undefined ? given : this.#norm(given, layer + norms.inside)
    return { input, result: this.#scaled(normed, residualScale) }
  }

  #sum(
    states: Value,
    layer: string,
    norms: PartNorms,
    write: (states: Value) => Value,
    outputName?: string,
  ): Value {
    const { input, result } = this.#part(states, layer, norms, write)
    const from = this.config.residualFromNorm ? input : states
    const isLast = norms.after === undefined
    const sum = this.scope.builder.node('Add', [from, result], { name: isLast ? outputName : undefined })
    return norms.after === undefined ? sum : this.#norm(sum, layer + norms.after, outputName)
  }

  #attention(input: Value, layer: string, index: number): Value {
    const { scope, config } = this
    const { width, heads, keyHeads, headSize, outputBias, names, layout, headNorm, scoreCap } = config
    const { reach, rotary, scale } = config.attention[index]
    const options: AttentionOptions = {
      causal: config.causal ?? true,
      scale,
      cap: scoreCap ?? undefined,
      distance: reach ?? undefined,
      bias: config.alibi ? alibi(scope, input, heads, config.alibi) : undefined,
    }
    const [query, key, value] = this.#projections(input, layer)
    const plain = rotary === null && !headNorm && !scoreCap && !config.alibi && heads === keyHeads
    const joined = () => {
      if (plain) return attention(scope, query, key, value, { heads, headSize }, options)
      const place = (states: Value, count: number, norm: string | undefined) => {
        const split = splitHeads(scope, this.#normWhole(states, count, layer, norm), {
          heads: count,
          headSize,
        })
        const normed = this.#normHeads(split, count, layer, norm)
        return rotary === null ? normed : rotate(scope, normed, rotary, headSize)
      }
      const context = attentionByHeads(
        scope,
        place(query, heads, headNorm?.query),
        place(key, keyHeads, headNorm?.key),
        splitHeads(scope, value, { heads: keyHeads, headSize }),
        { heads, keyHeads, headSize },
        options,
      )
      return joinHeads(scope, context, { heads, headSize })
    }
    return linear(scope, joined(), layer + names.attentionOutput, heads * headSize, width, {
      bias: outputBias,
      layout,
    })
  }

  /** Writes queries, keys and values, each float [b, n, its heads * headSize]. */
  #projections(input: Value, layer: string): Value[] {
    const { scope, config } = this
    const { builder } = scope
    const { width, heads, keyHeads, headSize, projectionBias: bias, layout, names, joined } = config
    const counts = [heads, keyHeads, keyHeads]
    const project = (name: string, count: number) =>
      linear(scope, input, layer + name, width, count * headSize, { bias, layout })
    const { projections } = names
    const parts = (): Value[] => {
      if (typeof projections !== 'string') return projections.map((name, i) => project(name, counts[i]))
      const all = project(projections, heads + 2 * keyHeads)
      if (joined === 'by-part') {
        const sizes = builder.constant(
          'int64',
          counts.map((count) => count * headSize),
        )
        return builder.nodes('Split', [all, sizes], 3, { attributes: { axis: -1 } })
      }
      const perKey = heads / keyHeads
      const grouped = builder.node('Reshape', [
        all,
        builder.constant('int64', [0, 0, keyHeads, perKey + 2, headSize]),
      ])
      const sizes = builder.constant('int64', [perKey, 1, 1])
      return builder
        .nodes('Split', [grouped, sizes], 3, { attributes: { axis: 3 } })
        .map((part, i) =>
          builder.node('Reshape', [part, builder.constant('int64', [0, 0, counts[i] * headSize])]),
        )
    }
    const limit = config.projectionLimit
    if (limit == null) return parts()
    const bounds = [-limit, limit].map((bound) => builder.constant('float', [bound], []))
    return parts().map((part) => builder.node('Clip', [part, ...bounds]))
  }

  #feedForward(input: Value, layer: string): Value {
    const { scope } = this
    const { builder } = scope
    const { width, intermediate, activation, feedForwardBias: bias, layout, names } = this.config
    const inner = (name: string, count = 1) =>
      linear(scope, input, layer + name, width, count * intermediate, { bias, layout })
    const widened = (): Value => {
      if (names.gate === undefined) return activate(scope, inner(names.up), activation)
      const [gate, up] =
        names.gate === names.up
          ? builder.nodes('Split', [inner(names.up, 2)], 2, { attributes: { axis: -1, num_outputs: 2 } })
          : [inner(names.gate), inner(names.up)]
      return builder.node('Mul', [activate(scope, gate, activation), up])
    }
    return linear(scope, widened(), layer + names.down, intermediate, width, { bias, layout })
  }

  #normWhole(states: Value, count: number, layer: string, name: string | undefined): Value {
    const { headNorm, headSize } = this.config
    if (!headNorm || name === undefined || headNorm.over !== 'all') return states
    return writeNorm(this.scope, headNorm.norm, states, layer + name, count * headSize)
  }

  /** @param states float [b, heads, n, headSize] */
  #normHeads(states: Value, count: number, layer: string, name: string | undefined): Value {
    const { scope } = this
    const { builder, parameters } = scope
    const { headNorm, headSize } = this.config
    if (!headNorm || name === undefined || headNorm.over === 'all') return states
    if (headNorm.over === 'head') return writeNorm(scope, headNorm.norm, states, layer + name, headSize)
    const normed = plainLayerNorm(scope, states, headSize, headNorm.norm.epsilon)
    const scales = Array.from({ length: count }, (_, head) => {
      const scale = parameters.tensor(`${layer}${name}.${head}.weight`, [headSize])
      return builder.node('Unsqueeze', [scale, builder.constant('int64', [0, 1])])
    })
    const byHead = builder.node('Concat', scales, { attributes: { axis: 0 } })
    return builder.node('Mul', [normed, byHead])
  }

  #norm(input: Value, name: string, outputName?: string): Value {
    return writeNorm(this.scope, this.config.norm, input, name, this.config.width, outputName)
  }

  /** Writes a norm once, since parallel parts may share it. */
  #normOnce(input: Value, name: string): Value {
    return this.scope.builder.once(`norm.${name}`, () => this.#norm(input, name))
  }

  #scaled(states: Value, scale: number): Value {
    const { builder } = this.scope
    return scale === 1 ? states : builder.node('Mul', [states, builder.constant('float', [scale], [])])
  }

  #capped(scores: Value, cap: number | null | undefined): Value {
    const { builder } = this.scope
    if (cap == null) return scores
    const bent = builder.node('Tanh', [this.#scaled(scores, 1 / cap)])
    return this.#scaled(bent, cap)
  }
}
