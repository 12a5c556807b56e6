import { displayedText, type Emoticon, emoticons, hostBeside, type MessagePart } from '../../../client/index.ts'
import { EmoticonFace } from './emoticon.tsx'

interface Props {
  message: { text?: string | undefined; parts?: readonly MessagePart[] | undefined }
  onRoom(roomId: string): void
}

/** The parts of a message, or its text if it has no parts. Everything is shown as text, never as markup. */
export function Parts({ message: { parts, text }, onRoom }: Props) {
  if (!parts) return <p>{text}</p>
  return (
    <p>
      {parts.map((part, index) => (
        <Part key={index} part={part} onRoom={onRoom} />
      ))}
    </p>
  )
}

function Part({ part, onRoom }: { part: MessagePart; onRoom(roomId: string): void }) {
  switch (part.type) {
    case 'text':
      return <>{part.text}</>
    case 'emoticon':
      return isKnown(part.emoticon) ? <EmoticonFace name={part.emoticon} /> : null
    case 'link':
      return isSafe(part.href) ? <Link link={part} /> : displayedText(part.text)
    case 'roomLink':
      return (
        <button type="button" class="room-link" onClick={() => onRoom(part.roomId)}>
          #{displayedText(part.name)}
        </button>
      )
    default:
      return null
  }
}

/** A link has its host beside it, unless its text names that host. */
function Link({ link }: { link: { text: string; href: string } }) {
  const host = hostBeside(link)
  return (
    <>
      <a href={link.href} target="_blank" rel="noopener noreferrer">
        {displayedText(link.text)}
      </a>
      {host !== undefined && <span class="secondary link-host"> ({host})</span>}
    </>
  )
}

const isKnown = (name: string): name is Emoticon => Object.hasOwn(emoticons, name)

/** The server refuses other schemes. The page checks them as well, since a script URL would run in it. */
const isSafe = (href: string) => /^(https?|mailto):/i.test(href)
