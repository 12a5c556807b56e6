import { readFileSync } from 'node:fs'
import { type LocalRun, startLocalRun } from './local-run.ts'

/** Whatever the end-to-end tests talk to. */
export interface Deployment {
  url: string
  token(user: string): Promise<string>
  /** Ends what was started for the tests. */
  stop(): Promise<unknown>
  /** Present when this is a local run of our own. */
  local?: LocalRun
}

/** People of the tests and their groups; on a deployment these users have to exist. */
export const people: Record<string, string> = {
  alice: '',
  bob: '',
  carol: '',
  dave: 'ops',
  erin: 'ops,dev',
  root: 'chat-admins',
}

/**
 * A local run, or with `ENDPOINT=wss://…` any deployment; then `TOKENS` names a JSON file that holds a token for each
 * of the people above.
 */
export async function deployment(): Promise<Deployment> {
  const { ENDPOINT: url, TOKENS: file } = process.env
  if (!url) return localDeployment()
  const tokens: Record<string, string> = JSON.parse(readFileSync(file ?? 'tokens.json', 'utf8'))
  return {
    url,
    token: async (user) => tokens[user] ?? Promise.reject(new Error(`There is no token for ${user}.`)),
    stop: async () => undefined,
  }
}

/** A local run, whatever else there is. */
export async function localDeployment(): Promise<Deployment> {
  const local = await startLocalRun()
  return { url: local.url, token: (user) => local.token(user, claimsOf(user)), stop: local.stop, local }
}

export const claimsOf = (user: string): Record<string, string> => ({
  name: nameOf(user),
  ...(people[user] && { groups: people[user] }),
})

export const nameOf = (user: string): string => user.charAt(0).toUpperCase() + user.slice(1)
