const CONTROL = /\p{Cc}/gu

/** Returns text from outside as a terminal or a sentence may show it: nothing in it moves the cursor. */
export const printable = (text: string) => text.replace(CONTROL, ' ')
