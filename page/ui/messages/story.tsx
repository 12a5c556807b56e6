import { useState } from 'preact/hooks'
import { Dialog } from '../frame/dialog.tsx'
import { Icon } from '../frame/icon.tsx'

/** A message with a title. A click opens its text in a dialog. */
export function Story({
  message: { title = '', text = '' },
}: {
  message: { title?: string | undefined; text?: string | undefined }
}) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" class="story" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="story" />
        <span>
          <strong>{title}</strong>
          <span class="secondary excerpt">{text.slice(0, 160)}</span>
        </span>
      </button>
      {isOpen && (
        <Dialog title={title} wide onClose={() => setOpen(false)}>
          <div class="story-text">{text}</div>
        </Dialog>
      )}
    </>
  )
}
