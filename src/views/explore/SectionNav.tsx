const SECTIONS: readonly (readonly [string, string])[] = [
  ['review', 'Review'],
  ['substitutes', 'Substitutes'],
  ['curve', 'Curve'],
  ['ripple', 'Ripple'],
]

/** On a phone the page is long: its parts, one tap away. Not links, for the address's fragment holds the session. */
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
