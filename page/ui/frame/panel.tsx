import type { ComponentChildren } from 'preact'
import { useEffect, useId } from 'preact/hooks'
import { Icon } from './icon.tsx'

/** A panel beside a room, or over it on a narrow page. */
export function Panel({ title, onClose, children }: { title: string; onClose(): void; children: ComponentChildren }) {
  const id = useId()
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !document.querySelector('dialog[open]')) onClose()
    }
    addEventListener('keydown', close)
    return () => removeEventListener('keydown', close)
  }, [onClose])
  return (
    <aside class="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="plain" aria-label={`Close ${title.toLowerCase()}`} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </aside>
  )
}
