import { foldCase } from './fold.ts'

/** A search for words in names and messages. */
export interface TextQuery {
  text: string
  /** `any`: one of the words. `all`: every word. `phrase`: the whole text. */
  match: 'any' | 'all' | 'phrase'
  matchCase: boolean
}

/** Prepares a search once, to run it on many texts. */
export function textMatcher({ text, match, matchCase }: TextQuery): (candidate: string) => boolean {
  const fold = (raw: string) => (matchCase ? raw.normalize('NFKC') : foldCase(raw.normalize('NFKC')))
  const whole = fold(text)
  const words = match === 'phrase' ? [whole] : whole.split(/\s+/u).filter(Boolean)
  return (candidate) => {
    const folded = fold(candidate)
    const found = (word: string) => folded.includes(word)
    return match === 'all' ? words.every(found) : words.some(found)
  }
}
