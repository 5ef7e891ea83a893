import { connect } from '../core/rpc'
import { createExplorerHost } from './explorerHost'
import { reportRequests } from './requests'
import { portOf } from './workerConnection'
import { reportEnd } from './workerEnd'

reportRequests()
reportEnd()
connect(portOf(globalThis), { serve: createExplorerHost() })
