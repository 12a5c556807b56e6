import { tabStorage } from '../storage.ts'
import { textFrom } from './answer.ts'
import type { Person } from './person.ts'

/** What is said instead of proven, where the chat is tried out. */
export interface Claims {
  name: string
  groups: string
}

const kept = 'persistent-chat/claims'

/** The id is made from the name, so that the same name is the same person. */
const idOf = (name: string) => name.trim().toLowerCase().replace(/\s+/g, '-')

/** Rejects with a ConnectionError where no token can be had. */
export async function signInByName(tokens: string, claims: Claims): Promise<Person> {
  const groups = claims.groups
    .split(/[\s,]+/)
    .filter(Boolean)
    .join(',')
  const said: Claims = { name: claims.name.trim(), groups }
  const person = personOf(tokens, said)
  await person.token()
  tabStorage.write(kept, said)
  return person
}

/** The person who signed in before in this tab, so that a reload does not ask again. */
export function personByName(tokens: string): Person | undefined {
  const { name, groups = '' } = tabStorage.read<Partial<Claims>>(kept) ?? {}
  return name === undefined ? undefined : personOf(tokens, { name, groups })
}

function personOf(tokens: string, { name, groups }: Claims): Person {
  const query = new URLSearchParams({ user: idOf(name), name, groups })
  return {
    token: () => textFrom(`${tokens}?${query}`, (text, status) => text.trim() || `There is no token (${status}).`),
    signOut: () => tabStorage.remove(kept),
  }
}
