import type { ChatClient } from '../../client/index.ts'
import { Failure, UsageError } from '../command/failure.ts'
import type { Options } from '../command/options.ts'
import { visible, visibleName } from '../command/visible.ts'
import { findRoom } from '../export/find-room.ts'
import { aboutAdministrators, askOverWire, wireOptions } from './over-wire.ts'
import { verb } from './verb.ts'

const room = { kind: 'text', shown: 'room', absent: 'none', meaning: 'id, chat:// URI or name of a room' } as const

const retentionOptions = {
  ...wireOptions,
  room,
  category: {
    kind: 'text',
    shown: 'id',
    absent: 'none',
    meaning: 'id of a category, for all its rooms, instead of a room',
  },
  days: {
    kind: 'number',
    whole: true,
    absent: 'tell what holds',
    meaning: 'keep messages for this many days; 0 ends the rule',
  },
} as const satisfies Options

export const retentionVerb = verb('for how many days messages are kept', {
  name: 'admin retention',
  about: 'Tells for how many days messages are kept, in a room or in the rooms of a category, or sets it.',
  options: retentionOptions,
  notes: [aboutAdministrators, 'What is older is deleted once a day, except what is under a legal hold.'],
  examples: [
    'npm run --silent admin -- retention --room Lobby --days 365',
    'npm run --silent admin -- retention --category general',
  ],
  run: ({ values, output }) => {
    const { room: name, category, days } = values
    if ((name === undefined) === (category === undefined))
      throw new UsageError('Give --room or --category, and not both.')
    return askOverWire(
      values,
      output,
      async (client) => {
        const what = category === undefined ? { roomId: await roomIdOf(client, name ?? '') } : { categoryId: category }
        const kept = await client.retention({ ...what, ...(days !== undefined && { days }) })
        return { ...what, ...(kept !== undefined && { days: kept }) }
      },
      ({ days: kept }) => [
        kept === undefined ? 'Messages are kept without end.' : `Messages are kept for ${kept} days.`,
      ],
    )
  },
})

const holdOptions = {
  ...wireOptions,
  room,
  user: { kind: 'text', shown: 'id', absent: 'none', meaning: 'a user, whose messages are held, instead of a room' },
  hold: { kind: 'flag', meaning: 'begin a hold' },
  release: { kind: 'flag', meaning: 'end a hold' },
} as const satisfies Options

export const legalHoldVerb = verb('keep messages from being deleted', {
  name: 'admin legal-hold',
  about: 'Tells whether a room, or the messages of a user, are under a legal hold, or begins or ends one.',
  options: holdOptions,
  notes: [aboutAdministrators],
  examples: [
    'npm run --silent admin -- legal-hold --room Lobby --hold',
    'npm run --silent admin -- legal-hold --user mallory',
  ],
  run: ({ values, output }) => {
    const { room: name, user, hold, release } = values
    if ((name === undefined) === (user === undefined)) throw new UsageError('Give --room or --user, and not both.')
    if (hold && release) throw new UsageError('Give --hold or --release, and not both.')
    return askOverWire(
      values,
      output,
      async (client) => {
        const what = user === undefined ? { roomId: await roomIdOf(client, name ?? '') } : { user }
        return { ...what, hold: await client.legalHold({ ...what, ...((hold || release) && { hold }) }) }
      },
      ({ hold: isHeld }) => [
        `${user === undefined ? `The room ${visible(name ?? '')}` : `What ${visibleName(user)} said`} is ${isHeld ? '' : 'not '}under a legal hold.`,
      ],
    )
  },
})

async function roomIdOf(client: ChatClient, name: string): Promise<string> {
  const { roomId, exists } = await findRoom(client, name)
  if (exists) return roomId
  throw new Failure(`There is no room "${name}".`, 'not_found')
}
