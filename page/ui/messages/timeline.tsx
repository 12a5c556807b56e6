import { Fragment } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { groupsOf } from '../../model/log.ts'
import type { Room } from '../../model/room.ts'
import { useAttempt } from '../frame/use-attempt.ts'
import { MessageGroup } from './message-group.tsx'
import { Outbox } from './outbox.tsx'
import { dayInWords } from './when.tsx'

/** This close to an end counts as being there, in pixels. */
const nearPx = 80

interface Props {
  room: Room
  user: string
  onRoom(roomId: string): void
}

/** What was said, oldest first. It stays at the end while one reads there, and fetches what is older at the start. */
export function Timeline({ room, user, onRoom }: Props) {
  const list = useRef<HTMLElement>(null)
  const atEnd = useRef(true)
  /** How far the view was from the end before older messages came in above it. */
  const fromEnd = useRef<number | undefined>(undefined)
  const { failure, run } = useAttempt()
  const { messages, complete } = room.log
  const first = messages[0]?.seq
  const held = useRef(first)

  useLayoutEffect(() => {
    const view = list.current
    if (!view) return
    if (first !== held.current && fromEnd.current !== undefined && !atEnd.current)
      view.scrollTop = view.scrollHeight - fromEnd.current
    else if (atEnd.current) view.scrollTop = view.scrollHeight
    held.current = first
  })

  const earlier = () => run(() => room.loadEarlier())
  const look = () => {
    const view = list.current
    if (!view) return
    fromEnd.current = view.scrollHeight - view.scrollTop
    atEnd.current = fromEnd.current - view.clientHeight < nearPx
    if (view.scrollTop < nearPx && !complete && !room.loading) earlier()
  }
  let day = ''
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard.
    <section ref={list} class="timeline" aria-label={`Messages in ${room.name}`} tabIndex={0} onScroll={look}>
      {complete ? (
        <p class="start quiet">
          {messages.length === 0 ? 'Nothing was said here yet. Say hello.' : `This is where ${room.name} begins.`}
        </p>
      ) : (
        <button type="button" class="small start" disabled={room.loading} onClick={earlier}>
          {room.loading ? 'Looking …' : 'Earlier messages'}
        </button>
      )}
      {failure && <p class="failure">{failure}</p>}
      {groupsOf(messages).map((group) => {
        const at = group.messages[0]?.sentAt ?? ''
        const isNewDay = group.day !== day
        day = group.day
        return (
          <Fragment key={group.messages[0]?.seq}>
            {isNewDay && (
              <h2 class="day">
                <span>{dayInWords(at)}</span>
              </h2>
            )}
            <MessageGroup group={group} own={group.author.user === user} onRoom={onRoom} />
          </Fragment>
        )
      })}
      <Outbox room={room} />
    </section>
  )
}
