/** Links from a frame in another page to the page itself, in a new tab. */
export function WholePageLink({ fragment }: { readonly fragment: string }) {
  return (
    <a
      className="embed-whole"
      href={`${window.location.pathname}${window.location.search}${fragment}`}
      target="_blank"
      rel="noreferrer"
    >
      Ripplescope · open the whole page
    </a>
  )
}
