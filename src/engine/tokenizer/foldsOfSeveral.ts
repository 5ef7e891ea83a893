/** Holds characters whose case is several letters (`ß`, `ﬁ`), and these letters in lower case (`ss`, `fi`). */
export interface FoldsOfSeveral {
  readonly characters: ReadonlySet<string>
  readonly sequences: readonly string[]
}

let found: FoldsOfSeveral | null = null

/** Lists them, once: Unicode's full case folding, by what upper and lower case make of each character. */
export function foldsOfSeveral(): FoldsOfSeveral {
  if (found) return found
  const characters = new Set<string>()
  const sequences = new Set<string>()
  for (let code = 0; code < 0x10000; code++) {
    const character = String.fromCharCode(code)
    for (const changed of [character.toUpperCase(), character.toLowerCase()]) {
      if (changed.length < 2) continue
      characters.add(character)
      sequences.add(changed.toLowerCase())
    }
  }
  // The capital has a lower case of one letter, and the folding of it.
  characters.add('\u1e9e')
  found = { characters, sequences: [...sequences] }
  return found
}
