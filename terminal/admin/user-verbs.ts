import type { ErasureJob, Suspension } from '../../client/index.ts'
import type { Command } from '../command/command.ts'
import { UsageError } from '../command/failure.ts'
import type { Options } from '../command/options.ts'
import { confirm, type Person, personAt } from '../command/person.ts'
import { codeFor } from '../command/start.ts'
import { visible, visibleName } from '../command/visible.ts'
import { aboutAdministrators, askOverWire, wireOptions } from './over-wire.ts'
import { verb } from './verb.ts'

const user = {
  name: 'user',
  single: true,
  meaning: 'the id of a user in the chat; "npm run --silent admin -- find <e-mail>" prints that of a user of the pool',
} as const

const suspendOptions = {
  ...wireOptions,
  until: { kind: 'time', absent: 'until it is ended', meaning: 'when the suspension ends by itself' },
  reason: { kind: 'text', shown: 'text', absent: 'none', meaning: 'why, for other administrators' },
} as const satisfies Options

export const suspendVerb = verb('keep a user out, and close all connections of the user', {
  name: 'admin suspend',
  about: 'Keeps a user from connecting, and closes all connections of the user.',
  options: suspendOptions,
  words: user,
  notes: [aboutAdministrators],
  examples: [
    'npm run --silent admin -- suspend mallory --reason Spam',
    'npm run --silent admin -- suspend mallory --until 2026-12-24',
  ],
  run: ({ values, words: [id = ''], output }) => {
    const { until, reason } = values
    const suspension = { user: id, ...(until && { until }), ...(reason && { reason }) }
    return askOverWire(
      values,
      output,
      (client) => client.suspend(suspension),
      (answer) => [suspensionLine(answer)],
    )
  },
})

export const unsuspendVerb = verb('let a suspended user in again', {
  name: 'admin unsuspend',
  about: 'Ends the suspension of a user.',
  options: wireOptions,
  words: user,
  notes: [aboutAdministrators],
  examples: ['npm run --silent admin -- unsuspend mallory'],
  run: ({ values, words: [id = ''], output }) =>
    askOverWire(
      values,
      output,
      async (client) => ({ user: id, unsuspended: await client.unsuspend(id) }),
      ({ unsuspended }) => [`${visibleName(id)} ${unsuspended ? 'may connect again' : 'was not suspended'}.`],
    ),
})

export const suspendedVerb = verb('list the suspended users', {
  name: 'admin suspended',
  about: 'Lists the suspended users, with the reasons.',
  options: wireOptions,
  notes: [aboutAdministrators],
  examples: ['npm run --silent admin -- suspended --json'],
  run: ({ values, output }) =>
    askOverWire(
      values,
      output,
      async (client) => {
        const all: Suspension[] = []
        let cursor: string | undefined
        do {
          const page = await client.suspended(cursor === undefined ? {} : { cursor })
          all.push(...page.users)
          cursor = page.cursor
        } while (cursor !== undefined)
        return all
      },
      (all) => (all.length === 0 ? ['Nobody is suspended.'] : all.map(suspensionLine)),
    ),
})

const disconnectOptions = {
  ...wireOptions,
  connection: { kind: 'text', shown: 'id', absent: 'all of the user', meaning: 'one connection, instead of a user' },
} as const satisfies Options

export const disconnectVerb = verb('close the connections of a user, who may come back', {
  name: 'admin disconnect',
  about: 'Closes all connections of a user, or one connection. The user may connect again at once.',
  options: disconnectOptions,
  words: { name: 'user', meaning: user.meaning },
  notes: [aboutAdministrators],
  examples: ['npm run --silent admin -- disconnect alice', 'npm run --silent admin -- disconnect --connection <id>'],
  run: ({ values, words, output }) => {
    const [id, second] = words
    const { connection } = values
    if (second !== undefined || (id === undefined) === (connection === undefined))
      throw new UsageError('Give one user, or --connection, and not both.')
    const target = id === undefined ? { connectionId: connection ?? '' } : { user: id }
    return askOverWire(
      values,
      output,
      async (client) => ({ disconnected: await client.disconnectUser(target) }),
      ({ disconnected }) => [`${disconnected} ${disconnected === 1 ? 'connection' : 'connections'} closed.`],
    )
  },
})

const eraseOptions = {
  ...wireOptions,
  messages: {
    kind: 'choice',
    choices: ['keep', 'remove'],
    default: 'keep',
    meaning: 'what becomes of the messages: they stay without the name, or go as well',
  },
  yes: { kind: 'flag', meaning: 'do not ask; needed where nobody can be asked' },
} as const satisfies Options

/** The command that erases a user, and asks this person first. */
export const eraseCommand = (person: () => Person): Command<typeof eraseOptions> => ({
  name: 'admin erase',
  about:
    'Erases a user from all rooms, or tells how far that has come. It cannot be undone, and the user is suspended.',
  options: eraseOptions,
  words: user,
  notes: [aboutAdministrators, 'It goes on by itself. The same command again tells how far it has come.'],
  examples: [
    'npm run --silent admin -- erase mallory --messages remove',
    'npm run --silent admin -- erase mallory --yes --json',
  ],
  run: async ({ values, words: [id = ''], output }) => {
    const asked = person()
    try {
      await confirm(asked, { yes: values.yes, word: id, what: 'An erasure' })
    } finally {
      asked.leave()
    }
    const messages = values.messages === 'remove' ? 'remove' : 'keep'
    return askOverWire(values, output, (client) => client.erase({ user: id, messages }), erasureLines)
  },
})

const erase = eraseCommand(() => personAt(process.stdin, process.stderr))

export const eraseVerb = {
  about: 'erase a user from all rooms',
  run: (argv: readonly string[], output: Parameters<typeof codeFor>[2]) => codeFor(erase, argv, output),
}

function suspensionLine({ user: id, since, by, until, reason }: Suspension): string {
  const end = until === undefined ? 'until it is ended' : `until ${until}`
  return `${visibleName(id)} is suspended since ${since} by ${visibleName(by)}, ${end}${reason ? `: ${visible(reason)}` : '.'}`
}

function erasureLines({ state, progress: { rooms, messages, roles }, left = [] }: ErasureJob): string[] {
  const progress = `${rooms} rooms looked through, ${messages} messages and ${roles} roles erased`
  return [
    state === 'done' ? `Done: ${progress}.` : `It goes on: ${progress} so far.`,
    ...(left.length > 0 ? [`Left under a legal hold: ${left.map(visible).join(', ')}.`] : []),
  ]
}
