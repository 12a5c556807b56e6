import { Token } from 'aws-cdk-lib/core'
import { env, type OtherIssuer } from '../lambdas/bindings.ts'
import type { CompleteSettings } from './settings.ts'
import { keySetOf } from './token-keys.ts'
import { type AcceptedTokens, audiencesOf } from './token-settings.ts'

/** What the authorizer has to know of tokens. What was not set is left out. */
export function tokenVariables(
  tokens: AcceptedTokens,
  { otherIssuers, guests }: CompleteSettings,
): Record<string, string> {
  const { issuer, keys, services = [] } = tokens
  const others = Object.entries(otherIssuers).map(
    ([name, other]): OtherIssuer => ({
      name,
      issuer: other.issuer,
      audience: audiencesOf(other),
      services: [...(other.services ?? [])],
    }),
  )
  const variables: Record<string, string | undefined> = {
    [env.issuer]: issuer,
    [env.audience]: audiencesOf(tokens).join(','),
    [env.tokenKeys]: keys === undefined || Token.isUnresolved(keys) ? keys : keySetOf(keys),
    [env.services]: services.join(','),
    [env.otherIssuers]: others.length > 0 ? JSON.stringify(others) : undefined,
    [env.guests]: guests.join(','),
  }
  const set = Object.entries(variables).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return Object.fromEntries(set)
}
