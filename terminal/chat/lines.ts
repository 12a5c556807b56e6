import type { Attendance, Message } from '../client/index.ts'

const clock = (time: string) => new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })

/** What others write must not steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const plain = (text: string) => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')

/** A message as a person reads it. */
export function messageLine({ sentAt, from, text = '', title, alert, removed }: Message): string {
  const mark = alert ? '❗ ' : ''
  const story = title === undefined ? '' : `«${title}» `
  const said = removed && text === '' ? '(removed)' : `${mark}${story}${text}`
  return plain(`${clock(sentAt)} ${from?.name ?? removed?.by ?? ''}: ${said}`)
}

const happenings = { joined: 'came in', left: 'went out', changed: 'has other rights now' }

export const attendanceLine = ({ event, user }: Attendance): string => plain(`* ${user.name} ${happenings[event]}`)
