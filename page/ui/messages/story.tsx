import { useState } from 'preact/hooks'
import { Dialog } from '../frame/dialog.tsx'
import { Icon } from '../frame/icon.tsx'

/** A title in the room; the whole of it in a window of its own. */
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
          <span class="quiet excerpt">{text.slice(0, 160)}</span>
        </span>
      </button>
      {isOpen && (
        <Dialog title={title} wide onClose={() => setOpen(false)}>
          <div class="reading">{text}</div>
        </Dialog>
      )}
    </>
  )
}
