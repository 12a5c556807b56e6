import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Emoticon, emoticons } from '../../../client/index.ts'
import { EmoticonFace } from './emoticon.tsx'

const names = Object.keys(emoticons) as Emoticon[]

/** A menu of emoticons. `onChoose` gets the characters of the chosen one. */
export function EmoticonChoice({ onChoose }: { onChoose(characters: string): void }) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLFieldSetElement>(null)
  // Not in a later frame: an Esc in between would leave the focus on a removed element.
  useLayoutEffect(() => {
    if (isOpen) menu.current?.querySelector('button')?.focus()
  }, [isOpen])
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it handles the Esc key of the buttons inside.
    <span
      class="emoticon-menu"
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
        <fieldset class="emoticon-list" ref={menu} aria-label="Choose an emoticon">
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
