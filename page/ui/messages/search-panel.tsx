import { useState } from 'preact/hooks'
import type { HistoryPage, Message } from '../../../client/index.ts'
import type { Room } from '../../model/room.ts'
import { Failure } from '../frame/failure.tsx'
import { Panel } from '../frame/panel.tsx'
import { useAttempt } from '../frame/use-attempt.ts'
import { useFocus } from '../frame/use-focus.ts'
import { PersonName } from '../people/person-name.tsx'
import { MessageLine } from './message-group.tsx'
import { MessageTime } from './message-time.tsx'

const pageSize = 20

interface SearchResult {
  text: string
  messages: Message[]
  cursor?: string | undefined
}

interface Props {
  room: Room
  onClose(): void
  onRoom(roomId: string): void
}

/** Searches all messages of the room for words, newest first. */
export function SearchPanel({ room, onClose, onRoom }: Props) {
  const { busy, failure, run } = useAttempt()
  const field = useFocus<HTMLInputElement>()
  const [text, setText] = useState('')
  const [result, setResult] = useState<SearchResult>()

  const search = async (words: string, earlier: Message[], start?: string): Promise<void> => {
    const messages = [...earlier]
    let cursor = start
    do {
      const page: HistoryPage = await room.session.historyPage({
        search: words,
        match: 'all',
        order: 'newest',
        sort: 'newest',
        limit: pageSize,
        ...(cursor !== undefined && { cursor }),
      })
      messages.push(...page.messages.filter(({ removed, removes }) => !removed && !removes))
      cursor = page.cursor
    } while (cursor !== undefined && messages.length < earlier.length + pageSize)
    setResult({ text: words, messages, cursor })
  }
  return (
    <Panel title="Search" onClose={onClose}>
      <search>
        <form
          class="fields"
          onSubmit={(event) => {
            event.preventDefault()
            run(() => search(text.trim(), []))
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
            {busy ? 'Searching …' : 'Search'}
          </button>
        </form>
      </search>
      <Failure>{failure}</Failure>
      <p class="secondary" role="status">
        {result && resultText(result)}
      </p>
      <ul class="search-results">
        {result?.messages.map((message) => (
          <li key={message.seq}>
            <p class="byline">
              <strong>{message.from && <PersonName {...message.from} names={room.names} />}</strong>{' '}
              <MessageTime at={message.sentAt} />
            </p>
            <MessageLine message={message} onRoom={onRoom} />
          </li>
        ))}
      </ul>
      {result?.cursor !== undefined && (
        <button
          type="button"
          disabled={busy}
          onClick={() => run(() => search(result.text, result.messages, result.cursor))}
        >
          More
        </button>
      )}
    </Panel>
  )
}

function resultText({ text, messages, cursor }: SearchResult): string {
  if (messages.length === 0) return `No message has “${text}”.`
  return `${messages.length}${cursor === undefined ? '' : ' or more'} with “${text}”`
}
