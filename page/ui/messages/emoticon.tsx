import { type Emoticon, emoticons } from '../../../client/index.ts'

const dots = 'M8.5 9v1M15.5 9v1'
const open = 'M8.5 8.6v1.8M15.5 8.6v1.8'

/** Eyes and mouth, drawn in strokes on a face of 24 by 24. */
const faces: Record<Emoticon, string> = {
  smile: `${dots}M7.5 14q4.5 5 9 0`,
  frown: `${dots}M7.5 17q4.5-5 9 0`,
  cool: 'M6 9h5v2.5H7zM13 9h5l-1 2.5h-4zM11 9h2M8 15.5q4 3 8 0',
  laughing: 'M7 10.5l2-1.5 2 1.5M13 10.5l2-1.5 2 1.5M7 13.5h10q-.5 5-5 5t-5-5z',
  shocked: `${open}M12 13.5a2 2.4 0 100 4.8 2 2.4 0 000-4.8z`,
  confused: `${dots}M8 17q3-3.5 8-2`,
  crying: `${dots}M8 17.5q4-4 8 0M17 11.5q2 3 0 4-2-1 0-4z`,
  tongue: `${dots}M7.5 14h9M12.5 14v3a1.8 1.8 0 003.6 0v-3`,
  wink: 'M8.5 9v1M14 9.8h3M7.5 14q4.5 5 9 0',
  angry: 'M7 7.5l3 1.7M17 7.5l-3 1.7M8.8 10.5v.6M15.2 10.5v.6M8 17.5q4-3.5 8 0',
  kissing: `${dots}M11 13.5q3 .5 1 1.8 2 1.2-1 1.8`,
}

export function EmoticonFace({ name }: { name: Emoticon }) {
  return (
    <svg class="emoticon" viewBox="0 0 24 24" role="img" aria-label={`${name} ${emoticons[name]}`}>
      <title>{`${name} ${emoticons[name]}`}</title>
      <circle cx="12" cy="12" r="10" />
      <path d={faces[name]} />
    </svg>
  )
}
