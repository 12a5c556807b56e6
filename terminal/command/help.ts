import type { Command } from './command.ts'
import type { Option, Options } from './options.ts'
import type { Words } from './parse.ts'

type Described = Omit<Command<Options>, 'run'>

/** The help text of a command. */
export function help({ name, about, options, words, notes = [], exits = {}, examples }: Described): string {
  const [script, ...verb] = name.split(' ')
  const usage = [`npm run --silent ${script} --`, ...verb, '[options]', ...(words ? [placeOf(words)] : [])].join(' ')
  const rows = Object.entries(options).map(([option, of]) => [`--${option}${placeholder(of)}`, meaning(of)] as const)
  const codes = Object.entries({ 0: 'all is done', 1: 'something failed or was refused', 2: 'wrong usage', ...exits })
  return [
    `Usage: ${usage}`,
    about,
    ...(words ? [aboutWords(words)] : []),
    `Options:\n${table([...rows, ['--help', 'print this']])}`,
    ...notes,
    `Exit codes:\n${table(codes)}`,
    `Examples:\n${examples.map((line) => `  ${line}`).join('\n')}`,
  ].join('\n\n')
}

const placeOf = ({ name, single }: Words): string => (single ? `<${name}>` : `[${name} …]`)

function aboutWords({ name, choices, meaning }: Words): string {
  if (choices !== undefined) return `Each ${name} is one of ${choices.join(', ')}: ${meaning}.`
  return `<${name}>: ${meaning}.`
}

function placeholder(option: Option): string {
  if (option.kind === 'flag') return ''
  if (option.kind === 'choice') return ` ${option.choices.join('|')}`
  return ` <${option.kind === 'text' ? option.shown : option.kind}>`
}

function meaning(option: Option): string {
  if (option.kind === 'flag') return option.meaning
  if ('required' in option && option.required) return `${option.meaning} (required)`
  return `${option.meaning} (default: ${option.default ?? ('absent' in option ? option.absent : '')})`
}

/** Two columns of text. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
