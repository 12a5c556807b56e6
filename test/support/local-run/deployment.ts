import { readFileSync } from 'node:fs'
import { decodeJwt } from 'jose'
import { type RunningLocally, sharedLocalRun, startLocalRun } from './local-run.ts'

/** The system that the end-to-end tests use. */
export interface Deployment {
  url: string
  token(user: string): Promise<string>
  /** Ends the local run, if the tests of one file started it. */
  stop(): Promise<unknown>
  /** The local run, if the tests started one. */
  local?: RunningLocally
}

/** The users of the tests with their groups. A deployment must have these users. */
export const people: Record<string, string> = {
  alice: '',
  bob: '',
  carol: '',
  dave: 'ops',
  erin: 'ops,dev',
  root: 'chat-admins',
}

/**
 * A local run, which test files share, one after another, unless `start` starts another. With `ENDPOINT=wss://…` it is that deployment instead, and
 * `TOKENS` names a JSON file with a token for each user above.
 */
export async function deployment(start: () => Promise<RunningLocally> = sharedLocalRun): Promise<Deployment> {
  const { ENDPOINT: url, TOKENS: file } = process.env
  if (!url) return deploymentOf(await start())
  const tokens: Record<string, string> = JSON.parse(readFileSync(file ?? 'tokens.json', 'utf8'))
  return {
    url,
    token: async (user) => tokenIn(tokens, user),
    stop: async () => undefined,
  }
}

/** The tests expect the names as ids: a pool of Cognito gives each user a UUID instead. */
function tokenIn(tokens: Record<string, string>, user: string): string {
  const token = tokens[user]
  if (token === undefined) throw new Error(`There is no token for ${user}.`)
  const { sub } = decodeJwt(token)
  if (sub === user) return token
  throw new Error(`The token for ${user} stands for ${sub}: the tests need an issuer whose sub is the name.`)
}

/** Starts a local run of its own, also if `ENDPOINT` is set. */
export const localDeployment = async (): Promise<Deployment> => deploymentOf(await startLocalRun())

const deploymentOf = (local: RunningLocally): Deployment => ({
  url: local.url,
  token: (user) => local.token(user, claimsOf(user)),
  stop: local.stop,
  local,
})

export const claimsOf = (user: string): Record<string, string> => ({
  name: nameOf(user),
  ...(people[user] && { groups: people[user] }),
})

export const nameOf = (user: string): string => user.charAt(0).toUpperCase() + user.slice(1)
