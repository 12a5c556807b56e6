import type { Author } from '../../lambdas/domain/log/entry.ts'
import { idOf } from './chance.ts'

const given = ['Mara', 'Jonas', 'Aiko', 'Tariq', 'Lucia', 'Pavel', 'Nadia', 'Oskar', 'Priya', 'Samuel']
const family = ['Lindqvist', 'Okafor', 'Tanaka', 'Moreau', 'Silva', 'Novak', 'Haddad', 'Brandt', 'Iyer', 'Castell']

/** The number of people. */
export const peopleCount = given.length * family.length

/** A user with an id as long as those of a user pool, since each message has the id of its author. */
export const personAt = (at: number): Author => ({
  user: idOf('person', at),
  name: `${given[at % given.length]} ${family[Math.floor(at / given.length) % family.length]}`,
})

/** The user of the queries: a member of some rooms by name and of others by group. */
export const reader = { user: 'reader', group: 'crew' }
