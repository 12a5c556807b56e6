/** One argument of a command: `--users 1000`. */
export interface Argument {
  default: number | string
  meaning: string
  /** Of numbers. */
  least?: number
  most?: number
  whole?: boolean
  /** Of words: which may be said. */
  choices?: readonly string[]
}

export type Arguments = Record<string, Argument>

/** Numbers and words by name, each as it was given or by default, and which were given. */
export interface Asked {
  number(name: string): number
  word(name: string): string
  given: ReadonlySet<string>
  json: boolean
  help: boolean
}

/** An argument that cannot be meant so. The message names it and is for whoever typed it. */
export class BadArgument extends Error {}

export function parse(known: Arguments, argv: readonly string[]): Asked {
  const values = new Map(Object.entries(known).map(([name, { default: value }]) => [name, value]))
  const given = new Set<string>()
  const flags = { json: false, help: false }
  const words = argv.flatMap((word) =>
    /^--[^=]+=/.test(word) ? [word.replace(/=.*/s, ''), word.replace(/^[^=]*=/, '')] : [word],
  )
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const name = word.replace(/^--/, '')
    if (word === '--json' || word === '--help') {
      flags[word === '--json' ? 'json' : 'help'] = true
      continue
    }
    const argument = word.startsWith('--') && Object.hasOwn(known, name) ? known[name] : undefined
    if (!argument) throw new BadArgument(`There is no argument "${word}". --help lists them.`)
    if (given.has(name)) throw new BadArgument(`--${name} is given twice.`)
    given.add(name)
    values.set(name, read(name, argument, words[++at]))
  }
  const found = (name: string) => values.get(name)
  return {
    ...flags,
    given,
    number: (name) => Number(found(name)),
    word: (name) => String(found(name)),
  }
}

function read(name: string, argument: Argument, said: string | undefined): number | string {
  if (said === undefined || said.startsWith('--')) throw new BadArgument(`--${name} lacks its value.`)
  const { choices, least = 0, most = Number.POSITIVE_INFINITY, whole = false } = argument
  if (choices) {
    if (choices.includes(said)) return said
    throw new BadArgument(`--${name} must be one of ${choices.join(', ')}; it is "${said}".`)
  }
  const value = /^-?\d+(\.\d+)?(e\d+)?$/i.test(said) ? Number(said) : Number.NaN
  const fits = Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isSafeInteger(value))
  if (fits) return value
  const bounds = Number.isFinite(most) ? `from ${least} to ${most}` : `of at least ${least}`
  throw new BadArgument(`--${name} must be a ${whole ? 'whole number' : 'number'} ${bounds}; it is "${said}".`)
}

/** The text of `--help`. */
export function help(what: string, known: Arguments): string {
  const rows = Object.entries(known).map(([name, { default: value, meaning, choices }]) => [
    `  --${name} ${choices ? choices.join('|') : 'n'}`,
    `${meaning} (${value === '' ? 'derived' : value})`,
  ])
  const flags = [
    ['  --json', 'the same for machines'],
    ['  --help', 'this'],
  ]
  const width = Math.max(...rows.map(([left = '']) => left.length))
  return [what, '', ...[...rows, ...flags].map(([left = '', right]) => `${left.padEnd(width)}  ${right}`)].join('\n')
}
