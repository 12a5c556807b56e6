/** All emoticons, with the characters that represent them in plain text. */
export const emoticons = {
  smile: ':)',
  frown: ':(',
  cool: '8-)',
  laughing: ':-D',
  shocked: ':-O',
  confused: ':-/',
  crying: ":'(",
  tongue: ':-P',
  wink: ';)',
  angry: '>:O',
  kissing: ':-*',
} as const

export type Emoticon = keyof typeof emoticons
