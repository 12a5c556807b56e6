import WebSocket from 'ws'
import { ChatClient, type ChatClientOptions, type Clock, systemClock } from '../client/index.ts'
import { asConnectionError, connectionFailure } from './client-failures.ts'
import { Failure } from './command/failure.ts'
import { visibleUrl } from './command/visible.ts'

export interface ConnectOptions {
  url: string
  token(): Promise<string>
  /** The first connection must be open within this many seconds. */
  timeout: number
  /** Called when a connection was lost and the client tries again. */
  onDown(): void
  clock?: Clock
}

export interface Connected {
  client: ChatClient
  /** Aborted with a Failure when the client stops trying. The client is closed then. */
  lost: AbortSignal
}

/** Connects within the timeout. Rejects with a Failure that names the cause; at once if another try would not help. */
export async function connect(
  { url, token, timeout, onDown, clock = systemClock }: ConnectOptions,
  make = (options: Pick<ChatClientOptions, 'url' | 'token' | 'webSocket'>) => new ChatClient(options),
): Promise<Connected> {
  const bearer = () => token().catch((error: unknown) => Promise.reject(asConnectionError(error)))
  const client = make({ url, token: bearer, webSocket: WebSocket })
  const shown = visibleUrl(url)
  const losing = new AbortController()
  let [last, wasConnected]: [Failure | undefined, boolean] = [undefined, false]
  client.on('state', ({ state, error }) => {
    if (state === 'connected') wasConnected = true
    if (error === undefined || losing.signal.aborted) return
    last = connectionFailure(shown, error)
    // The client tries a refused token three times. For CHAT_TOKEN that would only delay the error.
    if (state !== 'waiting' || last.code === 'unauthorized') {
      losing.abort(last)
      client.close()
    } else if (wasConnected) onDown()
  })
  let stopTimer = (): void => undefined
  const late = new Promise<never>((_, reject) => {
    stopTimer = clock.after(timeout * 1000, () => reject(lateFailure(shown, timeout, last)))
  })
  try {
    await Promise.race([client.connect(), late])
  } catch (error) {
    client.close()
    throw losing.signal.aborted ? losing.signal.reason : connectionFailure(shown, error)
  } finally {
    stopTimer()
  }
  return { client, lost: losing.signal }
}

function lateFailure(url: string, seconds: number, last: Failure | undefined): Failure {
  const why = (last?.message ?? 'no answer').replace(/\.$/, '')
  return new Failure(`There is no connection to ${url} after ${seconds} seconds: ${why}.`, 'unreachable')
}
