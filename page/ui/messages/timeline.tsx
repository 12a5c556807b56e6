import { Fragment } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { groupsOf } from '../../model/log.ts'
import type { Room } from '../../model/room.ts'
import { useAttempt } from '../frame/use-attempt.ts'
import { MessageGroup } from './message-group.tsx'
import { dayText } from './message-time.tsx'
import { Outbox } from './outbox.tsx'

/** The view counts as being at an end within this distance, in pixels. */
const nearPx = 80

interface Props {
  room: Room
  user: string
  onRoom(roomId: string): void
}

/** The messages, oldest first. At the end the view follows new ones; at the start it loads older ones. */
export function Timeline({ room, user, onRoom }: Props) {
  const list = useRef<HTMLElement>(null)
  const atEnd = useRef(true)
  /** The distance of the view from the end before older messages were added above it. */
  const fromEnd = useRef<number | undefined>(undefined)
  const { failure, run } = useAttempt()
  const { messages, complete } = room.log
  const first = messages[0]?.seq
  const previousFirst = useRef(first)

  useLayoutEffect(() => {
    const view = list.current
    if (!view) return
    if (first !== previousFirst.current && fromEnd.current !== undefined && !atEnd.current)
      view.scrollTop = view.scrollHeight - fromEnd.current
    else if (atEnd.current) view.scrollTop = view.scrollHeight
    previousFirst.current = first
  })

  const loadEarlier = () => run(() => room.loadEarlier())
  const onScroll = () => {
    const view = list.current
    if (!view) return
    fromEnd.current = view.scrollHeight - view.scrollTop
    atEnd.current = fromEnd.current - view.clientHeight < nearPx
    if (view.scrollTop < nearPx && !complete && !room.loading) loadEarlier()
  }
  let day = ''
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling element must be reachable by the keyboard.
    <section ref={list} class="timeline" aria-label={`Messages in ${room.name}`} tabIndex={0} onScroll={onScroll}>
      {complete ? (
        <p class="start secondary">
          {messages.length === 0
            ? 'This room has no messages yet. Say hello.'
            : `This is the beginning of ${room.name}.`}
        </p>
      ) : (
        <button type="button" class="small start" disabled={room.loading} onClick={loadEarlier}>
          {room.loading ? 'Loading …' : 'Earlier messages'}
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
                <span>{dayText(at)}</span>
              </h2>
            )}
            <MessageGroup group={group} own={group.author.user === user} names={room.names} onRoom={onRoom} />
          </Fragment>
        )
      })}
      <Outbox room={room} />
    </section>
  )
}
