import type { JWTPayload } from 'jose'
import { charactersIn, isSafeText, isVisible } from '../../protocol/text.ts'
import { UnusableClaims } from './refusal.ts'
import type { TokenSource, TokenSources } from './source.ts'

/** The user of a token. `exp` is in seconds since 1970. */
export interface TokenClaims {
  user: string
  name: string
  groups: string[]
  exp: number
}

const longestUser = 128
const longestName = 64

/** Ids with a special meaning in principals. */
const reserved = /^((service|group|guest|user):|everyone$)/i

/**
 * Reads the claims of a verified token. Ids and groups of the first source have no prefix and must not look like one.
 * Ids and groups of each other source begin with its name. So no source can name users or groups of another.
 */
export function tokenReader([, ...others]: TokenSources): (payload: JWTPayload, source: TokenSource) => TokenClaims {
  const prefixes = others.map(({ name }) => prefixOf(name))
  const imitates = (source: TokenSource, text: string) =>
    source.name === undefined && prefixes.some((prefix) => text.startsWith(prefix))
  return (payload, source) => {
    const { sub, exp } = payload
    if (!isUser(sub) || exp === undefined) throw new UnusableClaims('unusable_subject')
    if (reserved.test(sub)) throw new UnusableClaims('reserved_subject')
    if (imitates(source, sub)) throw new UnusableClaims('subject_of_other_issuer')
    const prefix = prefixOf(source.name)
    const client = clientIn(payload, sub)
    if (client !== undefined && !source.services.includes(client)) throw new UnusableClaims('unnamed_service')
    const user = client === undefined ? `${prefix}${sub}` : `service:${prefix}${client}`
    if (!isUser(user)) throw new UnusableClaims('unusable_subject')
    const groups = groupsIn(payload.groups ?? payload['cognito:groups'])
    return {
      user,
      name: nameIn(payload, client ?? sub),
      groups: groups.filter((group) => !imitates(source, group)).map((group) => `${prefix}${group}`),
      exp,
    }
  }
}

const prefixOf = (name: string | undefined) => (name === undefined ? '' : `${name}|`)

/** The type is checked, since a list of one name would pass every other check and be taken for that name. */
const isUser = (sub: unknown): sub is string =>
  typeof sub === 'string' && sub !== '' && sub.length <= longestUser && isSafeText(sub)

/**
 * The client of a token that was issued to a program and not to a user (the grant `client_credentials`). In a token of
 * Cognito the subject is the client and there is no user name; with only one of the two it is refused. In tokens of
 * other issuers the subject is the client, or `<client>@clients`.
 */
function clientIn({ token_use, aud, username, client_id, azp }: JWTPayload, sub: string): string | undefined {
  const clients = [client_id, azp].filter((client) => typeof client === 'string')
  const client = clients.find((each) => sub === each || sub === `${each}@clients`)
  const isCognitos = token_use === 'access' && aud === undefined
  if (isCognitos && (client === undefined) !== (username !== undefined)) throw new UnusableClaims('ambiguous_client')
  if (client !== undefined && clients.some((each) => each !== client)) throw new UnusableClaims('ambiguous_client')
  return client
}

/** An access token has no `name`. */
function nameIn({ name, username, token_use }: JWTPayload, otherwise: string): string {
  const named = [name, token_use === 'access' ? username : undefined].find(isName) ?? otherwise
  return charactersIn(named) > longestName ? [...named].slice(0, longestName).join('') : named
}

const isName = (name: unknown): name is string => typeof name === 'string' && isVisible(name) && isSafeText(name)

const groupsIn = (claim: unknown): string[] =>
  Array.isArray(claim) ? claim.filter((group) => typeof group === 'string' && group !== '') : []
