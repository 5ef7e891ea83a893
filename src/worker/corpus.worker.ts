import { expose } from 'comlink'
import { createCorpusHost } from './corpusHost'

expose(createCorpusHost())
