import { json, type Options } from '../command/options.ts'
import { address } from '../options.ts'

export const chatOptions = {
  ...address,
  room: { kind: 'text', shown: 'room', default: 'Lobby', meaning: 'name, chat:// URI or id of the room' },
  create: { kind: 'flag', meaning: 'make an open room of that name where there is none' },
  follow: { kind: 'flag', meaning: 'show what is said, and go on when the input has ended' },
  history: {
    kind: 'number',
    default: 10,
    most: 500,
    whole: true,
    meaning: 'how many earlier messages to show first, where messages are shown',
  },
  user: { kind: 'text', shown: 'user', default: 'guest', meaning: 'who to be in a local run' },
  groups: { kind: 'text', shown: 'names', absent: 'none', meaning: 'groups of that user, separated by commas' },
  json,
} as const satisfies Options

export type ChatOptions = typeof chatOptions
