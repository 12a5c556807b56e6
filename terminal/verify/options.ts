import { json, type Options, type Values } from '../command/options.ts'
import { connectionOptions } from '../options.ts'
import type { Settings } from './site.ts'

/** The options of verify and smoke. */
export const siteOptions = {
  endpoint: connectionOptions.url,
  tokens: {
    kind: 'text',
    shown: 'file',
    absent: 'only for a local run',
    meaning: 'JSON file with an object: a token for each name, of two people at least',
  },
  timeout: connectionOptions.timeout,
  'answer-timeout': {
    kind: 'number',
    default: 15,
    least: 0.1,
    most: 120,
    meaning: 'seconds to wait for an answer',
  },
  settle: {
    kind: 'number',
    default: 2,
    least: 0,
    most: 120,
    meaning: 'seconds to wait for what is late, or must not come at all',
  },
  json,
} as const satisfies Options

export const settingsOf = (command: string, values: Values<typeof siteOptions>): Settings => ({
  command,
  url: values.endpoint,
  messages: 0,
  flood: 0,
  settleMs: values.settle * 1000,
  answerTimeoutMs: values['answer-timeout'] * 1000,
  tolerance: 0,
})

export const aboutPeople = `The tokens are those of people who may create rooms; one of an administrator lets the rooms be deleted at the end. Without it
they stay, secret, with the name of the command in front. A token is never printed.`

export const exits = {
  0: 'nothing failed; what could not be found out is unknown and does not count',
  1: 'a guarantee is broken, or the deployment cannot be used',
} as const
