import { colors } from '../bench/chart/theme.ts'
import { type Box, frame, rect, text } from './svg.ts'

const [, raised = '', well = ''] = colors.light
const columns = 5
const rowHeight = 23

export interface ListedAlarm {
  name: string
  state: string
  /** Whether it was raised in the time that is shown. */
  wasRaised: boolean
}

/** The alarms with a square each. One that was raised and is over says so. */
export function alarmsPart(alarms: readonly ListedAlarm[], box: Box): string[] {
  const width = (box.width - 20) / columns
  return [
    frame(box),
    ...alarms.flatMap(({ name, state, wasRaised }, at) => {
      const [x, y] = [box.x + 10 + (at % columns) * width, box.y + 22 + Math.floor(at / columns) * rowHeight]
      const isRaised = state === 'ALARM'
      const word = isRaised ? `${name}: raised` : wasRaised ? `${name}: over` : name
      return [
        rect({ x, y: y - 9, width: 10, height: 10 }, isRaised || wasRaised ? raised : well),
        text(x + 16, y, word, { ...((isRaised || wasRaised) && { weight: 600 }) }),
      ]
    }),
  ]
}
