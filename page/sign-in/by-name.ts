import { tabStorage } from '../storage.ts'
import type { Person } from './person.ts'
import { textFrom } from './response.ts'

/** The claims that a user enters on a test system. They are not checked. */
export interface Claims {
  name: string
  groups: string
}

const storageKey = 'persistent-chat/claims'

/** The id is derived from the name, so that the same name is the same user. */
const idOf = (name: string) => name.trim().toLowerCase().replace(/\s+/g, '-')

/** Signs in. Rejects with a ConnectionError if there is no token. */
export async function signInByName(tokens: string, claims: Claims): Promise<Person> {
  const groups = claims.groups
    .split(/[\s,]+/)
    .filter(Boolean)
    .join(',')
  const entered: Claims = { name: claims.name.trim(), groups }
  const person = personOf(tokens, entered)
  await person.token()
  tabStorage.write(storageKey, entered)
  return person
}

/** The user who signed in before in this tab, so that a reload does not ask again. */
export function personByName(tokens: string): Person | undefined {
  const { name, groups = '' } = tabStorage.read<Partial<Claims>>(storageKey) ?? {}
  return name === undefined ? undefined : personOf(tokens, { name, groups })
}

function personOf(tokens: string, { name, groups }: Claims): Person {
  const query = new URLSearchParams({ user: idOf(name), name, groups })
  return {
    token: () => textFrom(`${tokens}?${query}`, (text, status) => text.trim() || `There is no token (${status}).`),
    signOut: () => tabStorage.remove(storageKey),
  }
}
