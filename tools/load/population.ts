import { builtInCategory, type Category } from '../../lambdas/domain/access/categories.ts'
import type { Principal } from '../../lambdas/domain/access/principals.ts'
import type { Room } from '../../lambdas/domain/room.ts'
import { idOf } from './chance.ts'
import { peopleCount, personAt, reader } from './people.ts'

/** A room and its members by grant. */
export interface RoomWithMembers {
  room: Room
  members: Principal[]
}

/** Before the first message. */
const foundedAt = Date.UTC(2024, 0, 1)

const moods = ['amber', 'brisk', 'cobalt', 'dusky', 'early', 'frosty', 'gentle', 'hollow', 'inner', 'jolly']
const things = ['lantern', 'anchor', 'bridge', 'compass', 'drum', 'engine', 'feather', 'garden', 'harbor', 'island']

/** Words in room names: `rare` in one of `rareEvery`, `secret` in a tenth that is secret, `common` in another tenth. */
export const roomWords = { rare: 'zeppelin', rareEvery: 500, secret: 'amber', common: 'cobalt' }

/** The rooms with the long log and with the short log; both are open. */
export const longRoom = 0
export const shortRoom = 1

export const roomId = (at: number): string => idOf('room', at)
const categoryId = (at: number): string => idOf('category', at)

export const categoryAt = (at: number): Category => ({
  ...builtInCategory,
  categoryId: categoryId(at),
  name: `Department ${at + 1}`,
  description: `What concerns department ${at + 1} and nobody else.`,
  // In some categories a membership by name includes an invitation.
  invitations: at % 4 === 0,
  ...madeBy(personAt(0).user, foundedAt),
})

export function roomAt(at: number, categories: number): RoomWithMembers {
  const thing = at % roomWords.rareEvery === 255 ? roomWords.rare : (things[Math.floor(at / 10) % 10] ?? '')
  const name = `${moods[at % 10]} ${thing} ${at}`
  const privacy = at <= shortRoom || at % 10 > 3 ? 'open' : at % 10 === 0 ? 'secret' : 'closed'
  return {
    room: {
      roomId: roomId(at),
      name,
      description: `Here those meet who have to do with ${name}, whenever there is something to talk about.`,
      categoryId: categoryId(Math.floor(at / 10) % categories),
      privacy,
      auditorium: false,
      invitations: 'inherit',
      disabled: false,
      ...madeBy(personAt(at % peopleCount).user, foundedAt + 60_000 + at),
    },
    members: privacy === 'open' ? [] : membersOf(at),
  }
}

/** Two peopleCount by name; the reader in a tenth of these rooms by name, and in another tenth by group. */
const membersOf = (at: number): Principal[] => [
  `user:${personAt((at + 1) % peopleCount).user}`,
  `user:${personAt((at + 2) % peopleCount).user}`,
  ...(Math.floor(at / 10) % 10 === 3 ? [`user:${reader.user}`] : []),
  ...(Math.floor(at / 10) % 10 === 6 ? [`group:${reader.group}`] : []),
]

const madeBy = (user: string, at: number) => ({
  version: 1,
  createdAt: at,
  createdBy: user,
  updatedAt: at,
  updatedBy: user,
})
