import { lazy, Suspense } from 'react'
import { Dialog } from '../Dialog'

/** Loaded when the dialog is opened. */
const LearnStory = lazy(() => import('./LearnStory'))

export function LearnDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} title="Learn: what minimal changes do" onClose={onClose}>
      <Suspense fallback={<p className="soft">Fetching the story…</p>}>
        <LearnStory onOpen={onClose} />
      </Suspense>
    </Dialog>
  )
}
