import type { Options } from './command/options.ts'

/** How a chat is reached; the same for every command that connects to one. */
export const address = {
  url: {
    kind: 'url',
    schemes: ['ws:', 'wss:'],
    default: 'ws://127.0.0.1:3000/chat',
    meaning: 'where the chat is',
  },
  timeout: {
    kind: 'number',
    default: 4,
    least: 0.1,
    most: 3600,
    meaning: 'seconds within which the first connection has to be there',
  },
} as const satisfies Options

export const connectionIsDown = 'The connection is down; trying again.'

export const aboutTokens =
  'CHAT_TOKEN holds the token to connect with. Without it the chat is asked for one; only a local run gives one.'

export const aboutConnections = `A connection that is lost later is made again, for as long as that takes, and standard error tells of it.
Nothing is lost or doubled.`
