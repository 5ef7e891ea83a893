import type { Failure } from '../../core/failure'
import { WholePageLink } from './WholePageLink'
import '../learn/learn.css'

/** Tells that a link cannot be shown, and links to the page itself. */
export function EmbedFailure({ failure }: { readonly failure: Failure }) {
  return (
    <div className="embed">
      <main className="embed-start">
        <h1 className="visually-hidden">Ripplescope</h1>
        <p role="alert">
          {failure.message} {failure.advice}
        </p>
      </main>
      <footer className="embed-foot">
        <WholePageLink fragment="" />
      </footer>
    </div>
  )
}
