import { resolve } from 'node:path'
import type { TokenSettings } from './settings.ts'
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

/** The settings of the stack by which a run at this address admits the tokens of its own issuers, services and guests. */
export const chatContext =
  ({ issuers, services, guests }: TokenSettings) =>
  (origin: string): Record<string, string> => ({
    ...(issuers.length > 0 && {
      issuer: issuers.map((name) => `${name}=${origin}/issuer/${name}`).join(','),
      audience: issuers.map((name) => `${name}=${name}`).join(','),
    }),
    ...(services.length > 0 && { services: services.join(',') }),
    ...(guests.length > 0 && { guests: guests.join(',') }),
  })
