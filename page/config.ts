/** Where the chat is and how people sign in. The page's own address answers it at `/config.json`. */
export interface Config {
  /** `wss://{host}/{stage}` */
  url: string
  /** An address that gives a token to whoever says a name: only where the chat is tried out. */
  tokens?: string
  /** An OpenID Connect issuer and the id that it knows this page by. */
  issuer?: string
  clientId?: string
}

export async function readConfig(): Promise<Config> {
  const response = await fetch('/config.json')
  if (!response.ok) throw new Error('This page was not told where its chat is: there is no /config.json.')
  const config: Config = await response.json()
  return config
}
