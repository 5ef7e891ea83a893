import { explore } from './cli/explore'
import { runOverTexts } from './cli/textsRun'
import { NO_FILTERS } from './core/neighbor'
import { createCorpusEngine } from './engine/corpusEngine'
import type { OpenedModel } from './engine/openedModel'
import type { Model } from './library'

/** What the library shows of an opened model. */
export function libraryModel(opened: OpenedModel): Model {
  const corpus = createCorpusEngine(opened)
  return {
    info: opened.info,
    vocabulary: opened.vocabulary,
    tokenize: (text) => opened.tokenize(text),
    neighbors: (request) => opened.neighbors(request),
    measure: (request) => opened.measure(request),
    closestTokens: (request) => opened.closestTokens(request),
    predictTokens: (request) => opened.predictTokens(request),
    tokenLikelihoods: (request) => opened.tokenLikelihoods(request),
    explore: (request) => explore(opened, { substitute: null, filters: NO_FILTERS, ...request }),
    run: (texts, options) => runOverTexts(corpus, texts, options),
    corpus,
    release: () => opened.release(),
  }
}
