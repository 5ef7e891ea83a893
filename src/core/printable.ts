const CONTROL = /\p{Cc}/gu

/** Returns text of a stranger as a terminal or a sentence may show it: nothing in it moves the cursor. */
export const printable = (text: string) => text.replace(CONTROL, ' ')
