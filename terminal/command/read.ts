import { UsageError } from './failure.ts'
import type { ChoiceOption, NumberOption, Option, UrlOption } from './options.ts'
import { visible, visibleUrl } from './visible.ts'

/** The value of an option, read from its argument. Throws a UsageError that names the option. */
export function read(name: string, option: Exclude<Option, { kind: 'flag' }>, said: string): number | string {
  if (option.kind === 'number') return numberIn(name, option, said)
  if (option.kind === 'choice') return choiceIn(name, option, said)
  if (option.kind === 'url') return urlIn(name, option, said)
  if (option.kind === 'time') return timeIn(name, said)
  if (said.trim() === '') throw new UsageError(`--${name} must not be empty.`)
  return said
}

const quoted = (said: string): string => `"${visible(said)}"`

function numberIn(name: string, { least = 0, most = Number.POSITIVE_INFINITY, whole }: NumberOption, said: string) {
  const value = /^-?\d+(\.\d+)?(e\d+)?$/i.test(said) ? Number(said) : Number.NaN
  const fits = Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isSafeInteger(value))
  if (fits) return value
  const bounds = Number.isFinite(most) ? `from ${least} to ${most}` : `of at least ${least}`
  throw new UsageError(`--${name} must be a ${whole ? 'whole number' : 'number'} ${bounds}; it is ${quoted(said)}.`)
}

function choiceIn(name: string, { choices }: ChoiceOption, said: string): string {
  if (choices.includes(said)) return said
  throw new UsageError(`--${name} must be one of ${choices.join(', ')}; it is ${quoted(said)}.`)
}

function urlIn(name: string, { schemes }: UrlOption, said: string): string {
  const url = URL.canParse(said) ? new URL(said) : undefined
  const begins = schemes.map((scheme) => `${scheme}//`).join(' or ')
  const shown = `it is "${visibleUrl(said)}"`
  if (!url || !schemes.includes(url.protocol) || !said.includes('//'))
    throw new UsageError(`--${name} must be a URL that begins with ${begins}; ${shown}.`)
  if (url.hash !== '' || url.username !== '' || url.password !== '')
    throw new UsageError(`--${name} must be a URL without a user and without "#"; ${shown}.`)
  return said
}

/** `Date` reads on into the next month where there is no such day, so the day is read by itself. */
function timeIn(name: string, said: string): string {
  const [, day = '', rest] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.exec(said) ?? []
  const moment = Date.parse(rest === undefined ? `${day}T00:00:00Z` : said)
  const isDay = !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day)
  if (isDay && !Number.isNaN(moment)) return new Date(moment).toISOString()
  throw new UsageError(
    `--${name} must be a time such as 2026-11-22T22:33:01Z, or a day such as 2026-11-22; it is ${quoted(said)}.`,
  )
}
