import { useEffect, useState } from 'preact/hooks'
import type { BrowseQuery, RoomSummary } from '../../../client/index.ts'
import type { Chat } from '../../model/chat.ts'
import { errorText } from '../../model/error-text.ts'
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

/** The search starts when the user has not typed for this many milliseconds. */
const typingMs = 250

/** Fetches pages until there are enough rooms to show: a page may be empty although more follow. */
async function fetchRooms(chat: Chat, query: BrowseQuery): Promise<{ rooms: RoomSummary[]; cursor?: string }> {
  const rooms: RoomSummary[] = []
  let { cursor } = query
  do {
    const page = await chat.client.browse({ ...query, ...(cursor !== undefined && { cursor }) })
    rooms.push(...page.rooms)
    cursor = page.cursor
  } while (cursor !== undefined && rooms.length < 20)
  return { rooms, ...(cursor !== undefined && { cursor }) }
}

/** The rooms of all categories that the user may see. */
async function fetchAllRooms(chat: Chat): Promise<RoomSummary[]> {
  const categories = await chat.client.categories()
  const pages = await Promise.all(categories.map(({ categoryId }) => fetchRooms(chat, { categoryId })))
  return pages.flatMap(({ rooms }) => rooms).sort((a, b) => a.name.localeCompare(b.name))
}

async function roomsFor(chat: Chat, view: View, text: string): Promise<RoomSummary[]> {
  const criteria = { text, match: 'all', inDescription: true } as const
  if (view === 'mine') return (await fetchRooms(chat, { mine: true })).rooms
  if (view === 'managed') return (await fetchRooms(chat, { managed: true })).rooms
  return text === '' ? fetchAllRooms(chat) : (await fetchRooms(chat, { criteria })).rooms
}

/** The dialog that lists and searches rooms. */
export function Directory({ chat, onClose }: Props) {
  const { failure, run, fail } = useAttempt()
  const [view, setView] = useState<View>('all')
  const [text, setText] = useState('')
  const [rooms, setRooms] = useState<RoomSummary[]>()

  useEffect(() => {
    let isOutdated = false
    const timer = setTimeout(
      () => {
        roomsFor(chat, view, text.trim()).then(
          (found) => isOutdated || setRooms(found),
          (error: unknown) => isOutdated || fail(errorText(error)),
        )
      },
      text === '' ? 0 : typingMs,
    )
    return () => {
      isOutdated = true
      clearTimeout(timer)
    }
  }, [chat, view, text])

  const join = (roomId: string) =>
    run(async () => {
      await chat.open({ roomId })
      onClose()
    })
  return (
    <Dialog title="Rooms" wide onClose={onClose}>
      <fieldset class="tabs">
        <legend class="visually-hidden">Which rooms</legend>
        {views.map(([one, title]) => (
          <button type="button" key={one} aria-pressed={one === view} onClick={() => setView(one)}>
            {title}
          </button>
        ))}
      </fieldset>
      {view === 'all' && (
        <label class="fields">
          <span class="visually-hidden">Search rooms</span>
          <input
            type="search"
            placeholder="Search by name or description"
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
      )}
      <Failure>{failure}</Failure>
      <p class="visually-hidden" role="status">
        {rooms && `${rooms.length} rooms`}
      </p>
      {rooms?.length === 0 && (
        <p class="secondary">
          {text === ''
            ? 'There are no rooms here yet. “New room” creates one.'
            : `No room has “${text}” in its name or description.`}
        </p>
      )}
      <ul class="cards">
        {rooms?.map((room) => (
          <li key={room.roomId}>
            <div>
              <strong>{room.name}</strong>
              <p class="secondary">{room.description}</p>
            </div>
            <span class="secondary count">{room.participantCount} here</span>
            <button
              type="button"
              aria-label={`${chat.rooms.has(room.roomId) ? 'Open' : 'Join'} ${room.name}`}
              onClick={() => join(room.roomId)}
            >
              {chat.rooms.has(room.roomId) ? 'Open' : 'Join'}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
