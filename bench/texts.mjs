/** About 150 WordPieces of the built-in model, written for this project; the bench cuts it to the length it wants. */
const REVIEW =
  'The first thing you notice is how quiet the film is. Nobody explains anything, the camera waits in doorways, and a whole ' +
  'marriage is told through two coffee cups on a windowsill. For forty minutes I thought it was a masterpiece. Then the ' +
  'brother arrives, and with him a plot about stolen money that belongs in another, worse picture. The actors do what they ' +
  'can: she is superb in the kitchen scene, and he finds a tired kindness that the script never gave him. But the score ' +
  'keeps telling us what to feel, the jokes land late, and the ending is tied up like a parcel. I left the cinema moved, ' +
  'annoyed, and strangely grateful for the first half, which I would happily watch again on a rainy Sunday with the sound off.'

/**
 * Returns the review, cut so that the model reads exactly `tokens` of it, [CLS] and [SEP] included.
 *
 * @param {{ tokenize(text: string): import('../src/core/text/token').TokenizedText }} model
 * @param {number} tokens
 */
export function reviewOf(model, tokens) {
  const read = model.tokenize(REVIEW).tokens
  if (read.length < tokens) throw new Error(`the bench's review has only ${read.length} tokens`)
  // [SEP] takes the place of one.
  const text = REVIEW.slice(0, read[tokens - 2].end)
  if (model.tokenize(text).tokens.length !== tokens)
    throw new Error(`token ${tokens - 2} is not the end of a word`)
  return text
}

const NOUNS = ['film', 'movie', 'story', 'plot', 'script', 'ending', 'music', 'cast', 'score', 'director']
const VERDICTS = ['good', 'great', 'fine', 'funny', 'dull', 'slow', 'awful', 'charming', 'boring', 'sad']

/** Returns short reviews, no two alike, as JSON lines. @param {number} count */
export const shortReviews = (count) =>
  Array.from({ length: count }, (_, index) => {
    const text = `The ${NOUNS[index % 10]} is ${VERDICTS[Math.floor(index / 10) % 10]}, number ${index} of them.`
    return `${JSON.stringify({ text })}\n`
  }).join('')
