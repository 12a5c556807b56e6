import type { ChatSettings } from './settings.ts'
import type { AcceptedTokens, NamedIssuer, OtherIssuers } from './token-settings.ts'

export interface TokenContext {
  issuers: string[]
  audiences: string[]
  keys: string
  services: string[]
}

/**
 * Several issuers are told apart by names: `issuer=https://one,partner=https://two`. One is without a name, or none is,
 * which then is the user pool. An audience or a client belongs to the issuer whose name it begins with
 * (`audience=a,b,partner=c`), or to the one without.
 */
export function tokensFrom({
  issuers,
  audiences,
  keys,
  services,
}: TokenContext): Pick<ChatSettings, 'tokens' | 'otherIssuers'> {
  const named = issuers.map(namedIn).filter((found) => found !== undefined)
  const [issuer, ...more] = issuers.filter((item) => namedIn(item) === undefined)
  if (more.length > 0) {
    throw new Error(
      `"issuer" holds "${more[0]}" beside "${issuer}": all but one need a name, such as partner=https://….`,
    )
  }
  const twice = named.find(([name], at) => named.slice(0, at).some(([other]) => other === name))
  if (twice) throw new Error(`"issuer" has the name "${twice[0]}" twice.`)
  const names = named.map(([name]) => name)
  const of = (items: string[], name: string | undefined) =>
    items.flatMap((item) => {
      const owner = names.find((each) => item.startsWith(`${each}=`))
      if (owner !== name) return []
      return owner === undefined ? item : item.slice(owner.length + 1)
    })
  const otherIssuers: OtherIssuers = Object.fromEntries(
    named.map(([name, url]): [string, NamedIssuer] => [
      name,
      { issuer: url, audience: of(audiences, name), services: of(services, name) },
    ]),
  )
  const tokens = firstFrom(issuer, of(audiences, undefined), keys, of(services, undefined))
  return { ...(tokens && { tokens }), ...(named.length > 0 && { otherIssuers }) }
}

/** `name=https://…`, where an issuer without a name begins with its protocol. */
function namedIn(item: string): [name: string, url: string] | undefined {
  const [, name, url] = /^([^=:/]+)=(.+)$/.exec(item) ?? []
  return name === undefined || url === undefined ? undefined : [name.trim(), url.trim()]
}

function firstFrom(
  issuer: string | undefined,
  audience: string[],
  keys: string,
  services: string[],
): AcceptedTokens | undefined {
  if (issuer !== undefined && audience.length === 0 && keys === '') {
    throw new Error('"issuer" is set but "audience" is not: give both, or neither for a user pool.')
  }
  if (issuer === undefined && audience.length > 0 && keys === '') {
    throw new Error('"audience" is set but "issuer" is not: give both, or neither for a user pool.')
  }
  const tokens: AcceptedTokens = {
    ...(issuer !== undefined && { issuer }),
    ...(audience.length > 0 && { audience }),
    ...(keys !== '' && { keys }),
    ...(services.length > 0 && { services }),
  }
  return Object.keys(tokens).length > 0 ? tokens : undefined
}
