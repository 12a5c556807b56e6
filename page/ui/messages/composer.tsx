import { useEffect, useRef, useState } from 'preact/hooks'
import type { Chat } from '../../model/chat.ts'
import { messageOf } from '../../model/draft.ts'
import type { Room } from '../../model/room.ts'
import { Icon } from '../frame/icon.tsx'
import { EmoticonChoice } from './emoticon-choice.tsx'
import { StoryDialog } from './story-dialog.tsx'

/** The text field for a message. Enter sends, Shift+Enter starts a new line. */
export function Composer({ chat, room }: { chat: Chat; room: Room }) {
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(room.draft)
  const [alert, setAlert] = useState(false)
  const [isStory, setStory] = useState(false)
  const { session } = room
  useEffect(() => field.current?.focus({ preventScroll: true }), [])
  useEffect(() => {
    room.draft = text
    fitHeight(field.current)
  }, [room, text])

  if (!session.canChat)
    return (
      <p class="read-only secondary">
        {session.room?.auditorium
          ? 'This is an auditorium: only presenters post here.'
          : 'You may read here, not post.'}
      </p>
    )
  const send = () => {
    if (text.trim() === '') return
    room.send(messageOf(text.trim(), chat.roomsByName, { alert }))
    setText('')
    setAlert(false)
    field.current?.focus()
  }
  return (
    <form
      class="composer"
      data-alert={alert}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <label class="visually-hidden" for="composer">
        Message to {room.name}
      </label>
      <textarea
        id="composer"
        ref={field}
        rows={1}
        value={text}
        placeholder={alert ? `Alert everyone in ${room.name}` : `Message to ${room.name}`}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
          event.preventDefault()
          send()
        }}
      />
      <div class="composer-actions">
        <EmoticonChoice
          onChoose={(characters) => {
            setText(text === '' || /\s$/.test(text) ? `${text}${characters} ` : `${text} ${characters} `)
            field.current?.focus()
          }}
        />
        <button
          type="button"
          class="plain"
          aria-pressed={alert}
          aria-label="Alert"
          title="Alert: high importance"
          onClick={() => setAlert(!alert)}
        >
          <Icon name="alert" />
        </button>
        <button
          type="button"
          class="plain"
          aria-haspopup="dialog"
          aria-label="Write a story"
          title="Story: a title and a long text"
          onClick={() => setStory(true)}
        >
          <Icon name="story" />
        </button>
        <span class="hint secondary">Enter sends, Shift+Enter starts a new line</span>
        <button type="submit" class="primary send" disabled={text.trim() === ''} aria-label="Send">
          <Icon name="send" />
        </button>
      </div>
      {isStory && <StoryDialog room={room} onClose={() => setStory(false)} />}
    </form>
  )
}

/** Makes the field as high as its text, up to the limit of the style. */
function fitHeight(field: HTMLTextAreaElement | null): void {
  if (!field) return
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight}px`
}
