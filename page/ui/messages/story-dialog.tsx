import { useState } from 'preact/hooks'
import type { Room } from '../../model/room.ts'
import { Dialog } from '../frame/dialog.tsx'

/** Writes a message with a title. */
export function StoryDialog({ room, onClose }: { room: Room; onClose(): void }) {
  const [title, setTitle] = useState('')
  const [text, setText] = useState('')
  const isEmpty = title.trim() === '' || text.trim() === ''
  return (
    <Dialog title="Write a story" wide onClose={onClose}>
      <div class="fields">
        <label>
          Title
          <input
            autofocus
            maxLength={200}
            value={title}
            onInput={({ currentTarget }) => setTitle(currentTarget.value)}
          />
        </label>
        <label>
          Text
          <textarea rows={10} value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
        </label>
        <button
          type="button"
          class="primary"
          disabled={isEmpty}
          onClick={() => {
            room.send({ title: title.trim(), text: text.trim() })
            onClose()
          }}
        >
          Post the story
        </button>
      </div>
    </Dialog>
  )
}
