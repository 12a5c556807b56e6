import type { Author } from '../../lambdas/domain/log/entry.ts'
import { idOf } from './chance.ts'

const given = ['Mara', 'Jonas', 'Aiko', 'Tariq', 'Lucia', 'Pavel', 'Nadia', 'Oskar', 'Priya', 'Samuel']
const family = ['Lindqvist', 'Okafor', 'Tanaka', 'Moreau', 'Silva', 'Novak', 'Haddad', 'Brandt', 'Iyer', 'Castell']

/** How many are about. */
export const people = given.length * family.length

/** A user pool names people by ids of this length, which stand in every message. */
export const personAt = (at: number): Author => ({
  user: idOf('person', at),
  name: `${given[at % given.length]} ${family[Math.floor(at / given.length) % family.length]}`,
})

/** Somebody who looks around: a member of rooms by name and of others by group. */
export const reader = { user: 'reader', group: 'crew' }
