import type { Person } from './person.ts'

/** What is said instead of proven, where the chat is tried out. */
export interface Claims {
  name: string
  groups: string
}

const kept = 'persistent-chat/claims'

/** The id is made from the name, so that the same name is the same person. */
const idOf = (name: string) => name.trim().toLowerCase().replace(/\s+/g, '-')

export async function signInByName(tokens: string, claims: Claims): Promise<Person> {
  const name = claims.name.trim()
  const groups = claims.groups
    .split(/[\s,]+/)
    .filter(Boolean)
    .join(',')
  const query = new URLSearchParams({ user: idOf(name), name, groups })
  const person: Person = {
    async token() {
      const response = await fetch(`${tokens}?${query}`)
      if (!response.ok) throw new Error(await response.text())
      return response.text()
    },
    signOut: () => sessionStorage.removeItem(kept),
  }
  await person.token()
  sessionStorage.setItem(kept, JSON.stringify({ name, groups }))
  return person
}

/** A reload of the tab asks nobody again. */
export function keptClaims(): Claims | undefined {
  const text = sessionStorage.getItem(kept)
  if (text === null) return undefined
  const { name, groups }: Partial<Claims> = JSON.parse(text)
  return name === undefined ? undefined : { name, groups: groups ?? '' }
}
