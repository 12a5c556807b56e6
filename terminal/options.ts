import type { Options } from './command/options.ts'

/** The options of every command that connects to a chat. */
export const connectionOptions = {
  url: {
    kind: 'url',
    schemes: ['ws:', 'wss:'],
    default: 'ws://127.0.0.1:3000/chat',
    meaning: 'the address of the chat',
  },
  timeout: {
    kind: 'number',
    default: 4,
    least: 0.1,
    most: 3600,
    meaning: 'seconds within which the first connection must be open',
  },
} as const satisfies Options

export const connectionIsDown = 'The connection is down; trying again.'

export const aboutTokens = 'CHAT_TOKEN must hold the token for the connection. Only a local run gives one without it.'

export const aboutConnections = `A connection that is lost later is opened again, with no time limit, and standard error reports it.
Nothing is lost or doubled.`
