import { EXAMPLES } from '../../../state/learn/examples'
import { useActions } from '../../appContext'

/** Draws buttons for the reviews that are shipped with their results. */
export function ExampleButtons() {
  const { openExample } = useActions()
  return EXAMPLES.map(({ slug, title }) => (
    <button key={slug} type="button" className="button" onClick={() => openExample(slug)}>
      {title}
    </button>
  ))
}
