import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { encodePermalink, MAX_LINK_CHARACTERS } from '../../core/session/permalink'
import { charactersOf, type Session } from '../../core/session/session'
import { formatSessionFile } from '../../core/session/sessionFile'
import { useActions, useAppStore } from '../appContext'
import { Dialog } from '../Dialog'
import { copyText, download } from '../download'

/** Loaded when the panel is opened. */
const EmbedSnippet = lazy(() => import('../embed/EmbedSnippet'))

/** Offers a link to the present view, or, if it would be too long, the session as a file. */
export function SharePanel({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} title="Share" onClose={onClose}>
      <ShareBody />
    </Dialog>
  )
}

/** Longest text that is compressed for a link: a longer one never fits, and the try takes long. */
const MAX_PACKED = 200_000

/** Returns the link; null if it is too long. */
function linkTo(session: Session): string | null {
  if (charactersOf(session) > MAX_PACKED) return null
  const { origin, pathname, search } = window.location
  const link = `${origin}${pathname}${search}${encodePermalink(session)}`
  return link.length > MAX_LINK_CHARACTERS ? null : link
}

function ShareBody() {
  const session = useAppStore((state) => state.session)
  const link = useMemo(() => linkTo(session), [session])
  const saveFile = () => download('ripplescope-session.json', formatSessionFile(session), 'application/json')
  return (
    <>
      {link === null ? (
        <p>
          This session is too long for a link: more than {MAX_LINK_CHARACTERS.toLocaleString('en')}{' '}
          characters, where mail programs and chats begin to cut. Send it as a file instead: dropped on this
          page, it opens the same view.
        </p>
      ) : (
        <>
          <p>
            The link holds the text, the model’s name and checksum, the chosen change, the norm, the pins,
            names given to labels and what is compared, all in the part of the address that browsers send to
            no server.
          </p>
          <LinkField link={link} />
        </>
      )}
      <div>
        <button
          type="button"
          className={link === null ? 'button button-accent' : 'button'}
          onClick={saveFile}
        >
          Download session (.json)
        </button>
      </div>
      <Suspense fallback={null}>
        <EmbedSnippet />
      </Suspense>
    </>
  )
}

function LinkField({ link }: { readonly link: string }) {
  const [copied, setCopied] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const { notify } = useActions()
  const copy = async () => {
    if (await copyText(link)) setCopied(true)
    else {
      field.current?.select()
      notify({
        tone: 'info',
        text: 'The browser keeps the clipboard to itself: the link is selected, press Ctrl + C.',
      })
    }
  }
  return (
    <div className="share-link">
      <input
        ref={field}
        className="field"
        aria-label="Link to this session"
        readOnly
        value={link}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" className="button button-accent" onClick={copy}>
        Copy link
      </button>
      <p className="soft" role="status">
        {copied && 'Copied.'}
      </p>
    </div>
  )
}
