import { useId } from 'preact/hooks'
import type { Privacy } from '../../../client/index.ts'

const meanings: [Privacy, string, string][] = [
  ['open', 'Open', 'everyone can find it and may join'],
  ['closed', 'Closed', 'everyone can find it, members may join'],
  ['secret', 'Secret', 'only members can find it and may join'],
]

/** The choice of who may find and join a room. */
export function PrivacyChoice({ privacy, onChange }: { privacy: Privacy; onChange(privacy: Privacy): void }) {
  const name = useId()
  return (
    <fieldset>
      <legend>Who may join</legend>
      {meanings.map(([value, title, meaning]) => (
        <label class="check" key={value}>
          <input type="radio" name={name} checked={privacy === value} onChange={() => onChange(value)} />
          <span>
            <strong>{title}</strong>: {meaning}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
