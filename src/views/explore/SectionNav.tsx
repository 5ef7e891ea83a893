const SECTIONS: readonly (readonly [string, string])[] = [
  ['review', 'Review'],
  ['substitutes', 'Substitutes'],
  ['curve', 'Curve'],
  ['ripple', 'Ripple'],
]

/**
 * Leads to the parts of the page, which is long on a phone. Not links, because the address's fragment holds the
 * session.
 */
export function SectionNav() {
  return (
    <nav className="section-nav" aria-label="Parts of the page">
      {SECTIONS.map(([id, name]) => (
        <button key={id} type="button" onClick={() => document.getElementById(id)?.scrollIntoView()}>
          {name}
        </button>
      ))}
    </nav>
  )
}
