import type * as v from 'valibot'
import type { Checkpoint } from '../../weights/checkpoint'
import type { CommonConfig } from '../../weights/modelConfig'
import type { GraphBuilder, Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'
import { Parameters, type RowBlock } from '../builder/parameters'
import {
  type ClassifierNames,
  classificationHead,
  type MaskedLmNames,
  maskedLmHead,
} from '../layers/encoderHeads'
import { type Head, NO_HEAD } from '../layers/heads'
import type { TableProjection } from '../layers/tableProjection'
import type { Transformer, TransformerOptions } from './transformer'

/** Rows of the word table in one operand: few enough to fit in memory that weights of a layer left free. */
const ROWS_PER_BLOCK = 1024

/** Holds what a family is written from. */
export interface FamilyInput<C extends CommonConfig> extends TransformerOptions {
  readonly builder: GraphBuilder
  readonly config: C
  readonly checkpoint: Checkpoint
}

/** Describes one family of models: the only place that knows its name, its config.json and its graph. */
export interface FamilyEntry<C extends CommonConfig = CommonConfig> {
  /** transformers' `model_type`; more than one where these differ in nothing. */
  readonly modelTypes: readonly string[]
  /** true if a position sees only earlier ones. */
  readonly causal: boolean
  /** Reads config.json, and refuses by its name every field whose value would need another graph. */
  readonly schema: v.GenericSchema<unknown, C>
  /** Writes the family's parts from a config of this schema. */
  write(input: FamilyInput<C>): Transformer
}

/** Names a family's word table, inside what transformers calls its base model. */
interface WordTablePlace {
  /** Prefix of the base model's tensors in files that transformers saved with a head: `bert.` */
  readonly prefix: string
  /** Name of the table after the prefix. */
  readonly name: string
  /** Width of the table where it is not the model's. */
  readonly width?: number
}

/** Writes what all families have in common; each family writes its embeddings, layers and heads. */
export abstract class Family<C extends CommonConfig> implements Transformer {
  protected readonly scope: GraphScope
  protected readonly config: C
  /** Prefix of the base model's tensors in this file: empty in files saved without a head. */
  protected readonly prefix: string
  /** Name of the word table in this file. */
  protected readonly wordTable: string
  readonly tableWidth: number

  constructor(
    { builder, config, checkpoint, fusedAttention = true }: FamilyInput<C>,
    { prefix, name, width = config.width }: WordTablePlace,
  ) {
    const parameters = new Parameters(builder, checkpoint)
    this.scope = { builder, parameters, fusedAttention }
    this.config = config
    this.prefix = parameters.has(prefix + name) ? prefix : ''
    this.wordTable = this.prefix + name
    this.tableWidth = width
  }

  abstract embeddings(inputIds: Value, positionIds: Value, name?: string): Value
  abstract layer(index: number, hiddenStates: Value, name: string): Value

  finalNorm(hiddenStates: Value): Value {
    return hiddenStates
  }

  /** Returns the heads that this file has the weights for. */
  protected abstract heads(): readonly Head[]

  wordTableBlocks(): RowBlock[] {
    return this.scope.parameters.rowBlocks(this.wordTable, this.#tableShape, ROWS_PER_BLOCK)
  }

  wordRows(ids: Value): Value {
    return this.scope.parameters.rows(this.wordTable, this.#tableShape, ids)
  }

  tableProjection(): TableProjection | null {
    return null
  }

  /**
   * Returns the head that `architectures` names where the file has it; the first that the file has where none is named.
   */
  head(): Head {
    const heads = this.heads()
    const { statedHead } = this.config
    const found = statedHead === null ? heads[0] : heads.find(({ kind }) => kind === statedHead)
    return found ?? NO_HEAD
  }

  /**
   * Returns the table that turns hidden states into scores of tokens: the word table where the two are tied.
   *
   * @param name of an untied one
   * @returns null where the file has none
   */
  protected outputTable(name: string): string | null {
    if (this.config.tiedHead) return this.wordTable
    return this.has(name) ? name : null
  }

  /** Returns those of an encoder's usual two heads whose weights the file has. */
  protected encoderHeads(names: {
    readonly classifier: ClassifierNames
    readonly maskedLm: MaskedLmNames
  }): Head[] {
    const { scope, config, tableWidth } = this
    const { classifier, maskedLm } = names
    const heads: Head[] = []
    if (this.has(`${classifier.dense}.weight`) && this.has(`${classifier.output}.weight`)) {
      heads.push(classificationHead(scope, config, classifier))
    }
    const table = maskedLm.decoder === null ? this.wordTable : this.outputTable(`${maskedLm.decoder}.weight`)
    if (this.has(`${maskedLm.dense}.weight`) && table !== null) {
      heads.push(maskedLmHead(scope, config, maskedLm, table, tableWidth))
    }
    return heads
  }

  protected has(name: string): boolean {
    return this.scope.parameters.has(name)
  }

  get #tableShape(): readonly [number, number] {
    return [this.config.vocabularySize, this.tableWidth]
  }
}
