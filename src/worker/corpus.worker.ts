import { expose } from 'comlink'
import { createCorpusHost } from './corpusHost'
import { reportRequests } from './requests'
import { reportEnd } from './workerEnd'

reportRequests()
reportEnd()
expose(createCorpusHost())
