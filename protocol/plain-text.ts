import { type Emoticon, emoticons } from './emoticons.ts'

/** The fields of a part that a reader sees. */
type ReadablePart =
  | { type: 'text' | 'link'; text: string }
  | { type: 'emoticon'; emoticon: Emoticon }
  | { type: 'roomLink'; name: string }

/** The plain text of the parts of a message: what its `text` has to say. */
export const plainText = (parts: readonly ReadablePart[]): string => parts.map(textOfPart).join('')

export function textOfPart(part: ReadablePart): string {
  if (part.type === 'emoticon') return emoticons[part.emoticon]
  return part.type === 'roomLink' ? part.name : part.text
}

/** Whether two texts say the same, whatever their white space. */
export const saysTheSame = (one: string, other: string): boolean => foldSpace(one) === foldSpace(other)

const foldSpace = (text: string) => text.trim().replace(/\s+/gu, ' ')
