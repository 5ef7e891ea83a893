/** `<br>`, `<br/>`, `<br />`, `</br>`, any case, with or without attributes. */
const LINE_BREAK = /<\/?br\b[^<>]*>/gi

/**
 * Line breaks of HTML as line breaks. Nothing else is touched: no other tag, no white space, and no entity, since a
 * review that writes `&amp;` may mean it, and a reference in Python that replaces `<br />` must see the same text.
 */
export const cleanHtml = (text: string): string => text.replace(LINE_BREAK, '\n')
