import { reportRequests } from '../requests'
import { portOf } from '../workerConnection'
import { reportEnd } from '../workerEnd'
import { serveCorpus } from './corpusHost'

reportRequests()
reportEnd()
serveCorpus(portOf(globalThis))
