import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Emoticon, emoticons } from '../../../client/index.ts'
import { EmoticonFace } from './emoticon.tsx'

const names = Object.keys(emoticons) as Emoticon[]

/** A small window of faces; what is chosen is typed in characters. */
export function EmoticonChoice({ onChoose }: { onChoose(typed: string): void }) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const faces = useRef<HTMLFieldSetElement>(null)
  // With the faces, not a frame later: an Esc in between would leave the focus on a face that is gone.
  useLayoutEffect(() => {
    if (isOpen) faces.current?.querySelector('button')?.focus()
  }, [isOpen])
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the Esc of the buttons inside.
    <span
      class="faces"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return
        event.stopPropagation()
        close()
      }}
    >
      <button
        ref={button}
        type="button"
        class="plain"
        aria-expanded={isOpen}
        aria-label="Emoticons"
        title="Emoticons"
        onClick={() => setOpen(!isOpen)}
      >
        <EmoticonFace name="smile" />
      </button>
      {isOpen && (
        <fieldset class="face-choice" ref={faces} aria-label="Choose an emoticon">
          {names.map((name) => (
            <button
              type="button"
              class="plain"
              key={name}
              aria-label={name}
              onClick={() => {
                setOpen(false)
                onChoose(emoticons[name])
              }}
            >
              <EmoticonFace name={name} />
            </button>
          ))}
        </fieldset>
      )}
    </span>
  )
}
