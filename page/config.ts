/** The address of the chat and the way to sign in. The server of the page has it at `/config.json`. */
export interface Config {
  /** `wss://{host}/{stage}` */
  url: string
  /** An address that gives a token for any name. Only test systems have it. */
  tokens?: string
  /** An OpenID Connect issuer, and the id of this page there. */
  issuer?: string
  clientId?: string
}

/** Reads the configuration of this page. */
export async function readConfig(): Promise<Config> {
  const response = await fetch('/config.json')
  if (!response.ok) throw new Error('This page does not know the address of its chat: there is no /config.json.')
  const config: Config = await response.json()
  return config
}
