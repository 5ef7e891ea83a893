import { lazy, Suspense } from 'react'
import { Dialog } from '../Dialog'

/** Loaded when the dialog is opened. */
const HelpBody = lazy(() => import('../learn/HelpBody'))

interface HelpDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly onTour: () => void
  readonly onLearn: () => void
}

export function HelpDialog({ open, onClose, onTour, onLearn }: HelpDialogProps) {
  return (
    <Dialog open={open} title="What is measured" onClose={onClose}>
      <Suspense fallback={<p className="soft">Fetching the glossary…</p>}>
        <HelpBody onTour={onTour} onLearn={onLearn} />
      </Suspense>
    </Dialog>
  )
}
