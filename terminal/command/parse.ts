import { parseArgs } from 'node:util'
import { UsageError } from './failure.ts'
import type { Option, Options, Values } from './options.ts'
import { read } from './read.ts'
import { visible } from './visible.ts'

/** Arguments that are no options: the allowed ones, and their name in help texts and errors. */
export interface Words {
  name: string
  meaning: string
  /** The allowed ones; without them every word is allowed. */
  choices?: readonly string[]
  /** Whether there is exactly one. Otherwise there is any number. */
  single?: boolean
}

/** Whether the arguments ask for help, even if others are wrong. */
export const wantsHelp = (argv: readonly string[]): boolean => optionsIn(argv, {}).some(isHelp)

/** Whether the arguments ask for errors as JSON, even if others are wrong. */
export const wantsJson = (argv: readonly string[]): boolean => optionsIn(argv, {}).some(({ name }) => name === 'json')

/**
 * The values of the options, as given or by default. Throws a UsageError that names an option which is unknown, given
 * twice, missing or malformed.
 */
export function parse<Of extends Options>(known: Of, argv: readonly string[]): Values<Of> {
  return parseWith(known, argv).values
}

/** The same, with arguments that are no options. */
export function parseWith<Of extends Options>(
  known: Of,
  argv: readonly string[],
  allowed?: Words,
): { values: Values<Of>; words: string[] } {
  const given = new Map<string, boolean | number | string>()
  const words: string[] = []
  for (const token of tokensIn(argv, known)) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') {
      words.push(wordIn(token.value, allowed))
      continue
    }
    const { name, rawName, value, inlineValue } = token
    const option = rawName.startsWith('--') && Object.hasOwn(known, name) ? known[name] : undefined
    if (!option) throw new UsageError(`There is no option "${visible(rawName)}".`)
    if (given.has(name)) throw new UsageError(`--${name} is given twice.`)
    given.set(name, valueFor(name, option, value, inlineValue))
  }
  if (allowed?.single && words.length !== 1) throw wrongNumber(words, allowed)
  for (const [name, option] of Object.entries(known)) {
    if ('required' in option && option.required && !given.has(name))
      throw new UsageError(`--${name} is missing: ${option.meaning}.`)
  }
  const values = Object.fromEntries(
    Object.entries(known).map(([name, option]) => [name, given.get(name) ?? defaultOf(option)]),
  )
  // `valueFor` has read every value by the kind of its option.
  return { values: values as Values<Of>, words }
}

/** Not strict, since the error messages of the parser are hard to understand. */
function tokensIn(argv: readonly string[], known: Options) {
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { kind }]) => [
      name,
      { type: kind === 'flag' ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  return parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true }).tokens
}

const optionsIn = (argv: readonly string[], known: Options) =>
  tokensIn(argv, known).flatMap((token) => (token.kind === 'option' ? [token] : []))

const isHelp = ({ rawName }: { rawName: string }): boolean => rawName === '--help' || rawName === '-h'

function valueFor(name: string, option: Option, value: string | undefined, isInline: boolean | undefined) {
  if (option.kind === 'flag') {
    if (value !== undefined) throw new UsageError(`--${name} takes no value.`)
    return true
  }
  if (value === undefined || (!isInline && value.startsWith('--'))) throw new UsageError(`--${name} needs a value.`)
  return read(name, option, value)
}

const defaultOf = (option: Option) => (option.kind === 'flag' ? false : option.default)

function wordIn(word: string, allowed: Words | undefined): string {
  if (!allowed)
    throw new UsageError(`The word "${visible(word)}" belongs to no option. With npm, options must follow "--".`)
  const { name, choices } = allowed
  if (choices === undefined ? word.trim() !== '' : choices.includes(word)) return word
  if (choices === undefined) throw new UsageError(`The ${name} must not be empty.`)
  throw new UsageError(`There is no ${name} "${visible(word)}"; there are ${choices.join(', ')}.`)
}

function wrongNumber(words: readonly string[], { name, meaning }: Words): UsageError {
  if (words.length === 0) return new UsageError(`The ${name} is missing: ${meaning}.`)
  return new UsageError(`There is one ${name}, and not ${words.length}: ${words.map(visible).join(', ')}.`)
}
