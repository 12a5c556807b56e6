import { useEffect, useState } from 'preact/hooks'
import type { BrowseQuery, RoomSummary } from '../../../client/index.ts'
import type { Chat } from '../../model/chat.ts'
import { inWords } from '../../model/error-text.ts'
import { Dialog } from '../frame/dialog.tsx'
import { Failure } from '../frame/failure.tsx'
import { useAttempt } from '../frame/use-attempt.ts'

interface Props {
  chat: Chat
  onClose(): void
}

type View = 'all' | 'mine' | 'managed'

const views: [View, string][] = [
  ['all', 'All rooms'],
  ['mine', 'Mine'],
  ['managed', 'Managed by me'],
]

/** A pause in typing that is long enough to ask, in milliseconds. */
const typingMs = 250

/** A page of rooms is filled before it is shown: one may come empty though there are more. */
async function look(chat: Chat, question: BrowseQuery): Promise<{ rooms: RoomSummary[]; cursor?: string }> {
  const rooms: RoomSummary[] = []
  let { cursor } = question
  do {
    const page = await chat.client.browse({ ...question, ...(cursor !== undefined && { cursor }) })
    rooms.push(...page.rooms)
    cursor = page.cursor
  } while (cursor !== undefined && rooms.length < 20)
  return { rooms, ...(cursor !== undefined && { cursor }) }
}

/** Every room of every category the user is in scope of. */
async function everywhere(chat: Chat): Promise<RoomSummary[]> {
  const categories = await chat.client.categories()
  const pages = await Promise.all(categories.map(({ categoryId }) => look(chat, { categoryId })))
  return pages.flatMap(({ rooms }) => rooms).sort((a, b) => a.name.localeCompare(b.name))
}

async function roomsFor(chat: Chat, view: View, text: string): Promise<RoomSummary[]> {
  const criteria = { text, match: 'all', inDescription: true } as const
  if (view === 'mine') return (await look(chat, { mine: true })).rooms
  if (view === 'managed') return (await look(chat, { managed: true })).rooms
  return text === '' ? everywhere(chat) : (await look(chat, { criteria })).rooms
}

export function Directory({ chat, onClose }: Props) {
  const { failure, run, fail } = useAttempt()
  const [view, setView] = useState<View>('all')
  const [text, setText] = useState('')
  const [rooms, setRooms] = useState<RoomSummary[]>()

  useEffect(() => {
    let isOld = false
    const timer = setTimeout(
      () => {
        roomsFor(chat, view, text.trim()).then(
          (found) => isOld || setRooms(found),
          (error: unknown) => isOld || fail(inWords(error)),
        )
      },
      text === '' ? 0 : typingMs,
    )
    return () => {
      isOld = true
      clearTimeout(timer)
    }
  }, [chat, view, text])

  const enter = (roomId: string) =>
    run(async () => {
      await chat.enter({ roomId })
      onClose()
    })
  return (
    <Dialog title="Rooms" wide onClose={onClose}>
      <fieldset class="tabs">
        <legend class="unseen">Which rooms</legend>
        {views.map(([one, title]) => (
          <button type="button" key={one} aria-pressed={one === view} onClick={() => setView(one)}>
            {title}
          </button>
        ))}
      </fieldset>
      {view === 'all' && (
        <label class="fields">
          <span class="unseen">Search rooms</span>
          <input
            type="search"
            placeholder="Search by name or description"
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
      )}
      <Failure>{failure}</Failure>
      <p class="unseen" role="status">
        {rooms && `${rooms.length} rooms`}
      </p>
      {rooms?.length === 0 && (
        <p class="quiet">{text === '' ? 'No room here yet. “New room” makes one.' : `No room has “${text}” in it.`}</p>
      )}
      <ul class="cards">
        {rooms?.map((room) => (
          <li key={room.roomId}>
            <div>
              <strong>{room.name}</strong>
              <p class="quiet">{room.description}</p>
            </div>
            <span class="quiet count">{room.participantCount} here</span>
            <button
              type="button"
              aria-label={`${chat.rooms.has(room.roomId) ? 'Open' : 'Join'} ${room.name}`}
              onClick={() => enter(room.roomId)}
            >
              {chat.rooms.has(room.roomId) ? 'Open' : 'Join'}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
