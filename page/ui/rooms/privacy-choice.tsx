import { useId } from 'preact/hooks'
import type { Privacy } from '../../../client/index.ts'

const meanings: [Privacy, string, string][] = [
  ['open', 'Open', 'everyone finds it and may join'],
  ['closed', 'Closed', 'everyone finds it, members may join'],
  ['secret', 'Secret', 'only members find it and may join'],
]

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
