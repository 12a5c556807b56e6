import { json, type Options } from '../command/options.ts'
import { connectionOptions } from '../options.ts'

export const chatOptions = {
  ...connectionOptions,
  room: { kind: 'text', shown: 'room', default: 'Lobby', meaning: 'name, chat:// URI or id of the room' },
  create: { kind: 'flag', meaning: 'create an open room of that name if there is none' },
  follow: { kind: 'flag', meaning: 'show the messages of the room, and continue when the input has ended' },
  history: {
    kind: 'number',
    default: 10,
    most: 500,
    whole: true,
    meaning: 'how many earlier messages to show first, if messages are shown',
  },
  user: { kind: 'text', shown: 'user', default: 'guest', meaning: 'the user in a local run' },
  groups: { kind: 'text', shown: 'names', absent: 'none', meaning: 'groups of that user, separated by commas' },
  json,
} as const satisfies Options

export type ChatOptions = typeof chatOptions
