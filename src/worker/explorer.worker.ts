import { expose } from 'comlink'
import { createExplorerHost } from './explorerHost'

expose(createExplorerHost())
