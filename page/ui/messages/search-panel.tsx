import { useState } from 'preact/hooks'
import type { HistoryPage, Message } from '../../../client/index.ts'
import type { Room } from '../../model/room.ts'
import { Failure } from '../frame/failure.tsx'
import { Panel } from '../frame/panel.tsx'
import { useAttempt } from '../frame/use-attempt.ts'
import { useFocus } from '../frame/use-focus.ts'
import { MessageLine } from './message-group.tsx'
import { When } from './when.tsx'

const pageSize = 20

interface Found {
  text: string
  messages: Message[]
  cursor?: string | undefined
}

interface Props {
  room: Room
  onClose(): void
  onRoom(roomId: string): void
}

/** Looks for words in everything that was said in the room, newest first. */
export function SearchPanel({ room, onClose, onRoom }: Props) {
  const { busy, failure, run } = useAttempt()
  const field = useFocus<HTMLInputElement>()
  const [text, setText] = useState('')
  const [found, setFound] = useState<Found>()

  const look = async (search: string, before: Message[], from?: string): Promise<void> => {
    const messages = [...before]
    let cursor = from
    do {
      const page: HistoryPage = await room.session.historyPage({
        search,
        match: 'all',
        order: 'newest',
        sort: 'newest',
        limit: pageSize,
        ...(cursor !== undefined && { cursor }),
      })
      messages.push(...page.messages.filter(({ removed, removes }) => !removed && !removes))
      cursor = page.cursor
    } while (cursor !== undefined && messages.length < before.length + pageSize)
    setFound({ text: search, messages, cursor })
  }
  return (
    <Panel title="Search" onClose={onClose}>
      <search>
        <form
          class="fields"
          onSubmit={(event) => {
            event.preventDefault()
            run(() => look(text.trim(), []))
          }}
        >
          <label>
            Words in {room.name}
            <input
              type="search"
              ref={field}
              maxLength={200}
              value={text}
              onInput={({ currentTarget }) => setText(currentTarget.value)}
            />
          </label>
          <button type="submit" disabled={busy || text.trim() === ''}>
            {busy ? 'Looking …' : 'Search'}
          </button>
        </form>
      </search>
      <Failure>{failure}</Failure>
      <p class="quiet" role="status">
        {found && foundInWords(found)}
      </p>
      <ul class="found">
        {found?.messages.map((message) => (
          <li key={message.seq}>
            <p class="byline">
              <strong>{message.from?.name}</strong> <When at={message.sentAt} />
            </p>
            <MessageLine message={message} onRoom={onRoom} />
          </li>
        ))}
      </ul>
      {found?.cursor !== undefined && (
        <button type="button" disabled={busy} onClick={() => run(() => look(found.text, found.messages, found.cursor))}>
          More
        </button>
      )}
    </Panel>
  )
}

function foundInWords({ text, messages, cursor }: Found): string {
  if (messages.length === 0) return `Nobody said “${text}” here.`
  return `${messages.length}${cursor === undefined ? '' : ' or more'} with “${text}”`
}
