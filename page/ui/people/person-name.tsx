import { displayedText, type KnownNames } from '../../../client/index.ts'

interface Props {
  user: string
  name: string
  /** The names of the room. */
  names: KnownNames
}

/** The name of a person, with the user id beside it if other people of the room have the same name. */
export function PersonName({ user, name, names }: Props) {
  const id = names.idBeside({ user, name })
  return (
    <>
      {displayedText(name)}
      {id !== undefined && <span class="secondary user-id"> ({displayedText(id)})</span>}
    </>
  )
}

/** The same as text, for screen readers. */
export function personText(person: { user: string; name: string }, names: KnownNames): string {
  const id = names.idBeside(person)
  return displayedText(id === undefined ? person.name : `${person.name} (${id})`)
}
