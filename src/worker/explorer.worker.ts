import { expose } from 'comlink'
import { createExplorerHost } from './explorerHost'
import { reportRequests } from './requests'
import { reportEnd } from './workerEnd'

reportRequests()
reportEnd()
expose(createExplorerHost())
