import { expose } from 'comlink'
import { createExplorerHost } from './explorerHost'
import { reportRequests } from './requests'

reportRequests()
expose(createExplorerHost())
