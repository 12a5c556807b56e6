import type { Chat } from '../../model/chat.ts'
import { isStopped } from '../../model/connection-status.ts'

interface Props {
  chat: Chat
  /** Signs out. */
  onEnd(): void
}

interface Notice {
  title: string
  detail?: string | undefined
  action: string
  act(): void
}

/** Why the client has stopped, and what the user can do. */
export function ConnectionNotice(props: Props) {
  const notice = noticeOf(props)
  if (!notice) return null
  const { title, detail, action, act } = notice
  return (
    <section class="notice" role="alert">
      <div>
        <p class="notice-title">{title}</p>
        {detail !== undefined && <p class="secondary">{detail}</p>}
        {props.chat.unsent > 0 && <p class="secondary">Unsent messages are kept until then.</p>}
      </div>
      <button type="button" class="primary" onClick={act}>
        {action}
      </button>
    </section>
  )
}

function noticeOf({ chat, onEnd }: Props): Notice | undefined {
  if (!isStopped(chat.connection)) return undefined
  const { state, error } = chat.connection
  const signIn = { detail: error?.message, action: 'Sign in again', act: onEnd }
  const connect = () => chat.connect()
  switch (state) {
    case 'unauthorized':
      return { title: chat.ready ? 'Your sign-in has ended.' : 'Your sign-in is not accepted.', ...signIn }
    case 'misconfigured':
      return {
        title: 'This page cannot connect to its chat.',
        detail: error?.message,
        action: 'Try again',
        act: connect,
      }
    case 'replaced':
      return {
        title: 'The chat is open in too many places.',
        detail: 'The number of connections is limited, so this page has stopped.',
        action: 'Use it here',
        act: connect,
      }
    case 'suspended':
      return {
        title: 'An administrator has suspended you.',
        detail: 'You can connect again when the suspension has ended.',
        action: 'Try again',
        act: connect,
      }
    default:
      return { title: 'This page cannot continue.', ...signIn }
  }
}
