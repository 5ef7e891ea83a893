/** Holds a review written for this project, with the token that is explored when it opens. */
export interface Example {
  readonly slug: string
  readonly title: string
  /** Says why it is worth a look, as a sentence without its stop. */
  readonly reason: string
  readonly text: string
  /** Position of the default token over the input ids of the built-in model, [CLS] being 0. */
  readonly position: number
}

/** Examples in the order of their menu; the page opens on the first. */
export const EXAMPLES: readonly Example[] = [
  {
    slug: 'seven-out-of-ten',
    title: 'Seven out of ten',
    reason: 'the same number as a digit, and the label flips',
    text: 'Seven out of ten: three points for the dragon, four for the tavern shootout, none for the romance.',
    position: 1,
  },
  {
    slug: 'hardly-matters',
    title: 'It hardly matters',
    reason: '“hardly” becomes “barely”, and the label flips',
    text: 'You will see the twist coming from the first scene, and it hardly matters.',
    position: 14,
  },
  {
    slug: 'almost-works',
    title: 'It almost works',
    reason:
      'near the border: “merely” → “simply” flips it, and the nearest word of “pleasant” is its opposite',
    text: 'It almost works. A better script would have made this a classic; as it stands, it is merely pleasant.',
    position: 21,
  },
  {
    slug: 'slow-first-hour',
    title: 'A slow first hour',
    reason: 'a strong word is replaced, and the answer holds',
    text:
      'I went in expecting very little, and the first hour is slow, but the last act is wonderful. ' +
      'The lead actor is charming, the music never gets in the way, and I was not ashamed to cry at the end.',
    position: 20,
  },
  {
    slug: 'borrowed-twist',
    title: 'A borrowed twist',
    reason: 'a longer text: how far from the word is its change felt?',
    text:
      'For an hour I believed in this family, in their quiet kitchen and the letters nobody opens. ' +
      'Then the film remembers that it wants to be clever. The twist is borrowed, the explanation takes ten minutes, ' +
      'and everything that was tender before becomes a trick. A terrible way to waste such good actors; ' +
      'I left the theater more annoyed than sad.',
    position: 53,
  },
  {
    slug: 'lighthouse-noir',
    title: 'A lighthouse noir in 97 minutes',
    reason: 'rare words cut into pieces, prices and times',
    text:
      'Half of it works. Shot in 16mm for under $40,000, this 97-minute lighthouse noir has gorgeous chiaroscuro, a ' +
      "wheezing accordion score and one deliciously unhinged foghorn scene (you'll know it). But the dialogue's " +
      'overwritten, the subplot about smuggled saxophones fizzles, and by 1:15 I was checking my watch. 6/10, mostly for the seagulls.',
    position: 24,
  },
]
