import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/index.css'
import './styles/corpus.css'
import { isEmbedLink } from '../core/session/permalink'
import { restoreTheme } from '../views/theme'
import { App } from './App'
import { compose } from './compose'

restoreTheme()
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
if (isEmbedLink(window.location.hash)) {
  void import('./embedPage').then(({ openEmbed }) => openEmbed(root))
} else {
  createRoot(root).render(
    <StrictMode>
      <App store={compose()} />
    </StrictMode>,
  )
}
