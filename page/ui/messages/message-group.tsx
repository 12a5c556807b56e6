import type { KnownNames, Message } from '../../../client/index.ts'
import type { Group } from '../../model/log.ts'
import { Icon } from '../frame/icon.tsx'
import { Avatar } from '../people/avatar.tsx'
import { PersonName, personText } from '../people/person-name.tsx'
import { MessageTime } from './message-time.tsx'
import { Parts } from './parts.tsx'
import { Story } from './story.tsx'

interface Props {
  group: Group
  own: boolean
  names: KnownNames
  onRoom(roomId: string): void
}

/** Messages of one author in close succession. */
export function MessageGroup({ group: { author, messages }, own, names, onRoom }: Props) {
  return (
    <section class="group" data-own={own} aria-label={personText(author, names)}>
      <Avatar user={author.user} name={author.name} />
      <div class="group-content">
        <p class="byline">
          <strong>
            <PersonName {...author} names={names} />
          </strong>{' '}
          {author.app && <small>app</small>} <MessageTime at={messages[0]?.sentAt ?? ''} />
        </p>
        {messages.map((message) => (
          <MessageLine key={message.seq} message={message} onRoom={onRoom} />
        ))}
      </div>
    </section>
  )
}

export function MessageLine({ message, onRoom }: { message: Message; onRoom(roomId: string): void }) {
  const { seq, removed, text, title, alert } = message
  if (removed)
    return (
      <p class="message removed" data-seq={seq}>
        {text ?? 'This message was removed.'}
      </p>
    )
  const body = title === undefined ? <Parts message={message} onRoom={onRoom} /> : <Story message={message} />
  return alert ? (
    <div class="message alert" data-seq={seq}>
      <span class="alert-mark">
        <Icon name="alert" /> Alert
      </span>
      {body}
    </div>
  ) : (
    <div class="message" data-seq={seq}>
      {body}
    </div>
  )
}
