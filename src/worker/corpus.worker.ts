import { expose } from 'comlink'
import { createCorpusHost } from './corpusHost'
import { reportRequests } from './requests'

reportRequests()
expose(createCorpusHost())
