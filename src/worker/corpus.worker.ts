import { serveCorpus } from './corpusHost'
import { reportRequests } from './requests'
import { portOf } from './workerConnection'
import { reportEnd } from './workerEnd'

reportRequests()
reportEnd()
serveCorpus(portOf(globalThis))
