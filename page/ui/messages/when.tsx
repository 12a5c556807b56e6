import { Observed } from '../../model/observable.ts'
import { useObserved } from '../frame/use-observable.ts'

/** Tells twice a minute that time has passed. */
class Minutes extends Observed {
  constructor() {
    super()
    setInterval(() => this.changed(), 30_000)
  }
}
const minutes = new Minutes()

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

/** How long ago, for an hour; then the time of day. Which exactly is told on hovering. */
export function When({ at }: { at: string }) {
  useObserved(minutes)
  const date = new Date(at)
  const passed = Math.floor((Date.now() - date.getTime()) / 60_000)
  const text = passed < 1 ? 'just now' : passed < 60 ? `${passed} min ago` : clock.format(date)
  return (
    <time dateTime={at} title={exact.format(date)}>
      {text}
    </time>
  )
}

export function dayInWords(at: string): string {
  const date = new Date(at)
  const midnight = (one: Date) => new Date(one).setHours(0, 0, 0, 0)
  const days = Math.round((midnight(new Date()) - midnight(date)) / 86_400_000)
  return days === 0 ? 'Today' : days === 1 ? 'Yesterday' : day.format(date)
}
