import { useEffect, useState } from 'preact/hooks'
import type { ConnectionState } from '../../../client/index.ts'
import type { Chat } from '../../model/chat.ts'

type Light = 'good' | 'busy' | 'bad'

/** The state of the connection as it is, with the seconds until the next try. */
export function ConnectionStateLine({ chat }: { chat: Chat }) {
  const [, tick] = useState(0)
  const { state, retryInMs, error } = chat.connection
  const waiting = state === 'waiting'
  useEffect(() => {
    if (!waiting) return
    const timer = setInterval(() => tick((count) => count + 1), 250)
    return () => clearInterval(timer)
  }, [waiting])
  const seconds = Math.max(0, Math.ceil((chat.since + (retryInMs ?? 0) - Date.now()) / 1000))
  const [light, text] = told(chat, seconds)
  return (
    <div class="connection" data-light={light}>
      <span role="status" title={error?.message}>
        {text}
      </span>
      {waiting && chat.network.isUp && (
        <button type="button" class="small" onClick={() => chat.client.check()}>
          Try now
        </button>
      )}
    </div>
  )
}

/** What a notice tells at length, see connection-notice.tsx. */
const stoppedWords: Partial<Record<ConnectionState, string>> = {
  unauthorized: 'Not signed in',
  misconfigured: 'No connection',
  replaced: 'Stopped',
  closed: 'Closed',
}

function told({ connection, network }: Chat, seconds: number): [Light, string] {
  const { state } = connection
  if (state === 'connected') return ['good', 'Connected']
  const stopped = stoppedWords[state]
  if (stopped !== undefined) return ['bad', stopped]
  if (network.isCut) return ['bad', 'Offline: the network is cut']
  if (!network.isUp) return ['bad', 'Offline']
  if (state === 'waiting') return ['busy', seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting …']
  return ['busy', 'Connecting …']
}
