import { UsageError } from './failure.ts'
import type { ChoiceOption, NumberOption, Option, UrlOption } from './options.ts'
import { visible, visibleUrl } from './visible.ts'

/** The value of an option, read from its argument. Throws a UsageError that names the option. */
export function read(name: string, option: Exclude<Option, { kind: 'flag' }>, text: string): number | string {
  if (option.kind === 'number') return numberIn(name, option, text)
  if (option.kind === 'choice') return choiceIn(name, option, text)
  if (option.kind === 'url') return urlIn(name, option, text)
  if (option.kind === 'time') return timeIn(name, text)
  if (text.trim() === '') throw new UsageError(`--${name} must not be empty.`)
  return text
}

const quoted = (text: string): string => `"${visible(text)}"`

function numberIn(name: string, { least = 0, most = Number.POSITIVE_INFINITY, whole }: NumberOption, text: string) {
  const value = /^-?\d+(\.\d+)?(e\d+)?$/i.test(text) ? Number(text) : Number.NaN
  const fits = Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isSafeInteger(value))
  if (fits) return value
  const bounds = Number.isFinite(most) ? `from ${least} to ${most}` : `of at least ${least}`
  throw new UsageError(`--${name} must be a ${whole ? 'whole number' : 'number'} ${bounds}; it is ${quoted(text)}.`)
}

function choiceIn(name: string, { choices }: ChoiceOption, text: string): string {
  if (choices.includes(text)) return text
  throw new UsageError(`--${name} must be one of ${choices.join(', ')}; it is ${quoted(text)}.`)
}

function urlIn(name: string, { schemes }: UrlOption, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const allowed = schemes.map((scheme) => `${scheme}//`).join(' or ')
  const shown = `it is "${visibleUrl(text)}"`
  if (!url || !schemes.includes(url.protocol) || !text.includes('//'))
    throw new UsageError(`--${name} must be a URL that begins with ${allowed}; ${shown}.`)
  if (url.hash !== '' || url.username !== '' || url.password !== '')
    throw new UsageError(`--${name} must be a URL without a user and without "#"; ${shown}.`)
  return text
}

/** `Date` takes February 30 as a day in March, so the day is checked separately. */
function timeIn(name: string, text: string): string {
  const [, day = '', rest] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.exec(text) ?? []
  const moment = Date.parse(rest === undefined ? `${day}T00:00:00Z` : text)
  const isDay = !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day)
  if (isDay && !Number.isNaN(moment)) return new Date(moment).toISOString()
  throw new UsageError(
    `--${name} must be a time such as 2026-11-22T22:33:01Z, or a day such as 2026-11-22; it is ${quoted(text)}.`,
  )
}
