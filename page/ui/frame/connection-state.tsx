import { useEffect, useState } from 'preact/hooks'
import type { Chat } from '../../model/chat.ts'
import { connectionStatus } from '../../model/connection-status.ts'

/** The state of the connection, with the seconds until the next try. */
export function ConnectionStateLine({ chat }: { chat: Chat }) {
  const [, tick] = useState(0)
  const { state, retryInMs, error } = chat.connection
  const hasTimer = state === 'waiting'
  useEffect(() => {
    if (!hasTimer) return
    const timer = setInterval(() => tick((count) => count + 1), 250)
    return () => clearInterval(timer)
  }, [hasTimer])
  const seconds = Math.max(0, Math.ceil((chat.since + (retryInMs ?? 0) - Date.now()) / 1000))
  const { status, text, isWaiting } = connectionStatus(chat, seconds)
  return (
    <div class="connection" data-status={status}>
      <span role="status" title={error?.message}>
        {text}
      </span>
      {isWaiting && (
        <button type="button" class="small" onClick={() => chat.client.check()}>
          Try now
        </button>
      )}
    </div>
  )
}
