/** Returns the address of a rule's first font file; undefined if it names only fonts of the machine. */
function fileOf(rule: CSSFontFaceRule, base: string): string | undefined {
  const [, path] = /url\(["']?([^"')]+)["']?\)/.exec(rule.style.getPropertyValue('src')) ?? []
  return path === undefined ? undefined : new URL(path, base).href
}

/** Returns a rule without its quotation marks and spaces, by which the browser's own spelling of it differs. */
const plain = (text: string) => text.replace(/["'\s]/g, '').toUpperCase()

/** Yields the faces that the page's style sheets bring as files, with the address of each. */
function* ownFaces(): Generator<{ readonly rule: CSSFontFaceRule; readonly address: string }> {
  for (const sheet of Array.from(document.styleSheets)) {
    for (const rule of Array.from(sheet.cssRules)) {
      if (!(rule instanceof CSSFontFaceRule)) continue
      const address = fileOf(rule, sheet.href ?? document.baseURI)
      if (address !== undefined) yield { rule, address }
    }
  }
}

async function dataUrl(address: string): Promise<string> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${address}: ${response.status}`)
  const reader = new FileReader()
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    response.blob().then((blob) => reader.readAsDataURL(blob), reject)
  })
}

/**
 * Returns an SVG file that contains those of the page's own fonts that are loaded and that it names: a picture of its own
 * has no access to the page's fonts. A font that cannot be fetched is left out; the next one of its list replaces it.
 */
export async function withOwnFonts(svgText: string): Promise<string> {
  const loaded = new Set(
    Array.from(document.fonts ?? [])
      .filter(({ status, family }) => status === 'loaded' && svgText.includes(family.replace(/["']/g, '')))
      .map(({ family, unicodeRange }) => plain(family + unicodeRange)),
  )
  if (loaded.size === 0) return svgText
  const faces: string[] = []
  for (const { rule, address } of ownFaces()) {
    const value = (name: string) => rule.style.getPropertyValue(name)
    if (!loaded.has(plain(value('font-family') + value('unicode-range')))) continue
    const source = await dataUrl(address).catch(() => undefined)
    if (source === undefined) continue
    const descriptors = ['font-family', 'font-style', 'font-weight', 'unicode-range']
      .map((name) => `${name}:${value(name)};`)
      .join('')
    faces.push(`@font-face{${descriptors}src:url(${source})}`)
  }
  return svgText.replace(/<svg [^>]*>/, (start) => `${start}<style>${faces.join('')}</style>`)
}
