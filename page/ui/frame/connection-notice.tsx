import type { StateChange } from '../../../client/index.ts'
import type { Chat } from '../../model/chat.ts'

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

/** Why nothing more is tried, and what can be done about it. */
export function ConnectionNotice(props: Props) {
  const notice = noticeOf(props)
  if (!notice) return null
  const { title, detail, action, act } = notice
  return (
    <section class="notice" role="alert">
      <div>
        <p class="notice-title">{title}</p>
        {detail !== undefined && <p class="quiet">{detail}</p>}
        {props.chat.unsent > 0 && <p class="quiet">What could not be sent is kept until then.</p>}
      </div>
      <button type="button" class="primary" onClick={act}>
        {action}
      </button>
    </section>
  )
}

/** Whether the user has to do something before there can be a connection. */
export const isStopped = ({ state, error }: StateChange): boolean =>
  state === 'unauthorized' ||
  state === 'misconfigured' ||
  state === 'replaced' ||
  (state === 'closed' && error !== undefined)

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
        title: 'The chat was opened in too many places.',
        detail: 'There may be only so many at a time, so it stopped here.',
        action: 'Use it here',
        act: connect,
      }
    default:
      return { title: 'This page cannot go on.', ...signIn }
  }
}
