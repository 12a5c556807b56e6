import type { Command } from '../command/command.ts'
import type { Options } from '../command/options.ts'
import { append } from './checks/append.ts'
import { closings } from './checks/closings.ts'
import { eviction } from './checks/eviction.ts'
import { handshake } from './checks/handshake.ts'
import { pushes } from './checks/pushes.ts'
import { requests } from './checks/requests.ts'
import { resume } from './checks/resume.ts'
import { revoke } from './checks/revoke.ts'
import { sizes } from './checks/sizes.ts'
import { throttling } from './checks/throttling.ts'
import { aboutPeople, exits, settingsOf, siteOptions } from './options.ts'
import { type Checks, runChecks } from './run.ts'

const all: Checks = { handshake, requests, sizes, append, pushes, resume, revoke, eviction, throttling, closings }

const options = {
  ...siteOptions,
  messages: {
    kind: 'number',
    whole: true,
    default: 15,
    least: 1,
    most: 500,
    meaning: 'messages of each person, in append and in pushes',
  },
  flood: {
    kind: 'number',
    whole: true,
    default: 300,
    least: 0,
    most: 20_000,
    meaning: 'pings that are sent at once, to see a throttled frame',
  },
  tolerance: {
    kind: 'number',
    default: 5,
    least: 0,
    most: 100,
    meaning: 'percent of the pushes that may be lost, doubled or overtaken',
  },
} as const satisfies Options

export const verify: Command<typeof options> = {
  name: 'verify',
  about: 'Checks what the protocol promises, against any deployment, and finds out how its gateway behaves.',
  options,
  words: { name: 'part', meaning: 'only these parts are checked', choices: Object.keys(all) },
  notes: [
    aboutPeople,
    `The second person opens one connection more than a user may have, so older connections of theirs are closed. A --flood that
exceeds the limits of the stage slows down everybody for a moment.`,
  ],
  exits,
  examples: [
    'npm run --silent verify',
    'npm run --silent verify -- --endpoint wss://… --tokens tokens.json',
    'npm run --silent verify -- --endpoint wss://… --tokens tokens.json --flood 2000 throttling',
  ],
  run: ({ values, words, output }) => {
    const { messages, flood, tolerance, tokens, timeout } = values
    const settings = { ...settingsOf('verify', values), messages, flood, tolerance: tolerance / 100 }
    const checks = Object.entries(all).filter(([name]) => words.length === 0 || words.includes(name))
    return runChecks({ settings, checks: Object.fromEntries(checks), tokens, timeout, output })
  },
}
