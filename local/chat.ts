import { resolve } from 'node:path'
import type { Site } from './site.ts'

// The rest of this folder runs any template. Only this file knows that the stack is a chat.

/** The web page of the chat, and the settings that it reads at its start. */
export const chatPage = (root: string): Site => ({
  folder: resolve(root, 'page/dist'),
  documents: ({ url }) => ({ '/config.json': { url, tokens: '/token' } }),
})

/** Commands with which two people can talk, each for one terminal. */
export const chatCommands = (url: string): string[] =>
  ['alice', 'bob'].map((user) => `npm run --silent chat -- --url ${url} --user ${user} --room Lobby --create`)
