import WebSocket from 'ws'
import { type ChatClient, type ChatClientOptions, type Clock, systemClock } from '../client/index.ts'
import { Failure } from '../commands/failure.ts'
import { visibleUrl } from '../commands/visible.ts'
import { asConnectionError, isHopeless, refusalOf } from './refusal.ts'

export interface Route {
  url: string
  token(): Promise<string>
  /** Within so many seconds the first connection has to be there. */
  timeout: number
  /** Told when a connection that was there is down. */
  down(): void
  clock?: Clock
}

export interface Connected<Client extends ChatClient> {
  client: Client
  /** Aborted, with a Failure as its reason, once waiting cannot bring the connection back; the client is closed then. */
  lost: AbortSignal
}

/** Connects, within a time. Rejects with a Failure that names the cause, at once where waiting would not mend it. */
export async function connect<Client extends ChatClient>(
  { url, token, timeout, down, clock = systemClock }: Route,
  make: (options: Pick<ChatClientOptions, 'url' | 'token' | 'webSocket'>) => Client,
): Promise<Connected<Client>> {
  const bearer = () => token().catch((error: unknown) => Promise.reject(asConnectionError(error)))
  const client = make({ url, token: bearer, webSocket: WebSocket })
  const shown = visibleUrl(url)
  const losing = new AbortController()
  let [last, wasConnected]: [Failure | undefined, boolean] = [undefined, false]
  client.on('state', ({ state, error }) => {
    if (state === 'connected') wasConnected = true
    if (error === undefined || losing.signal.aborted) return
    last = refusalOf(shown, error)
    if (isHopeless(last)) {
      losing.abort(last)
      client.close()
    } else if (wasConnected) down()
  })
  let stopTimer = (): void => undefined
  const late = new Promise<never>((_, reject) => {
    stopTimer = clock.after(timeout * 1000, () => reject(lateFailure(shown, timeout, last)))
  })
  try {
    await Promise.race([client.connect(), late])
  } catch (error) {
    client.close()
    throw losing.signal.aborted ? losing.signal.reason : refusalOf(shown, error)
  } finally {
    stopTimer()
  }
  return { client, lost: losing.signal }
}

function lateFailure(url: string, seconds: number, last: Failure | undefined): Failure {
  const why = (last?.message ?? 'nothing answers').replace(/\.$/, '')
  return new Failure(`There is no connection to ${url} after ${seconds} seconds: ${why}.`, 'unreachable')
}
