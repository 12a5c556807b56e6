import { Observable } from '../../model/observable.ts'
import { useObservable } from '../frame/use-observable.ts'

/** Changes twice a minute, so that relative times are rendered again. */
class Minutes extends Observable {
  constructor() {
    super()
    setInterval(() => this.changed(), 30_000)
  }
}
const minutes = new Minutes()

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

/** The age of a message for an hour, then its time of day. The tooltip has the exact time. */
export function MessageTime({ at }: { at: string }) {
  useObservable(minutes)
  const date = new Date(at)
  const passed = Math.floor((Date.now() - date.getTime()) / 60_000)
  const text = passed < 1 ? 'just now' : passed < 60 ? `${passed} min ago` : clock.format(date)
  return (
    <time dateTime={at} title={exact.format(date)}>
      {text}
    </time>
  )
}

/** A day as “Today”, “Yesterday” or a date. */
export function dayText(at: string): string {
  const date = new Date(at)
  const midnight = (one: Date) => new Date(one).setHours(0, 0, 0, 0)
  const days = Math.round((midnight(new Date()) - midnight(date)) / 86_400_000)
  return days === 0 ? 'Today' : days === 1 ? 'Yesterday' : day.format(date)
}
