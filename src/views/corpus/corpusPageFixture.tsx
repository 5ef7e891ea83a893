import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { EMPTY_SESSION, type Session } from '../../core/session/session'
import type { TestCorpus } from '../../state/corpus/corpusFixture'
import { createAppStore } from '../../state/store'
import { AppProvider } from '../appContext'

/** Renders a part of Corpus for tests, over a service that answers when the test says so. */
export function openCorpusPart(part: ReactNode, service: TestCorpus, session: Partial<Session> = {}) {
  const store = createAppStore({ services: { corpus: service } })
  store.getState().replaceSession({ ...EMPTY_SESSION, view: 'corpus', ...session }, { undoable: false })
  render(<AppProvider store={store}>{part}</AppProvider>)
  return { store }
}
