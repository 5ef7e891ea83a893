import type { View } from '../../core/session/session'
import { useActions, useAppStore } from '../appContext'

const VIEW_NAMES: readonly (readonly [View, string])[] = [
  ['explore', 'Explore'],
  ['corpus', 'Corpus'],
  ['models', 'Models'],
]

/** Switches views. Its items are not links: the address's fragment holds the session, and the view is a part of it. */
export function ViewNav() {
  const view = useAppStore((state) => state.session.view)
  const { setView } = useActions()
  return (
    <nav className="view-nav" aria-label="Views">
      {VIEW_NAMES.map(([name, label]) => (
        <button
          key={name}
          type="button"
          aria-current={name === view ? 'page' : undefined}
          onClick={() => setView(name)}
        >
          {label}
        </button>
      ))}
    </nav>
  )
}
