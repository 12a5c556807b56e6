import { type AwsCaller, awsCaller } from '../aws/caller.ts'
import { identityOfEnvironment } from '../aws/identity.ts'
import { outputsOf } from '../aws/stack.ts'
import { stackOption } from '../aws/stack-name.ts'
import { makeUser, type Pool, putIntoGroup, signIn, userIdOf } from '../aws/users.ts'
import type { Invocation } from '../command/command.ts'
import { exitCodes, Failure, UsageError } from '../command/failure.ts'
import { json, type Options } from '../command/options.ts'
import { type Person, personAt } from '../command/person.ts'
import type { Subcommand } from '../command/program.ts'
import { visible } from '../command/visible.ts'
import { verb } from './verb.ts'

const common = {
  stack: stackOption('the stack with the user pool'),
  json,
} as const satisfies Options

const email = { name: 'e-mail', single: true, meaning: 'the address with which the user signs in' } as const

const aboutCredentials = 'The AWS credentials and the region of the environment are used, as by every tool for AWS.'
const aboutPasswords =
  'A password is asked for without showing it; where nobody can be asked, it is a line of the input.'

const createOptions = {
  ...common,
  name: { kind: 'text', shown: 'name', absent: 'the user id', meaning: 'the name that others see' },
  group: { kind: 'text', shown: 'name', default: 'chat-admins', meaning: 'the group of administrators, as deployed' },
  plain: { kind: 'flag', meaning: 'no administrator: put the user into no group' },
  password: { kind: 'flag', meaning: 'ask for a password and set it, instead of a mail with a temporary one' },
} as const satisfies Options

/** The ports of these verbs, which tests replace. */
export interface AccountPorts {
  aws(): Promise<AwsCaller>
  person(): Person
}

const realPorts: AccountPorts = {
  aws: async () => awsCaller(await identityOfEnvironment()),
  person: () => personAt(process.stdin, process.stderr),
}

/** The verbs for users of the stack's own pool. */
export const accountVerbsWith = (ports: AccountPorts): Readonly<Record<string, Subcommand>> => ({
  create: verb('make a user of the pool, as an administrator', {
    name: 'admin create',
    about: `Makes a user in the stack's own user pool, and puts the user into the group of administrators, which it makes where there is none.
For a user that is there already, it does what is missing.`,
    options: createOptions,
    words: email,
    notes: [aboutCredentials, aboutPasswords],
    examples: [
      'npm run --silent admin -- create alice@example.com --name Alice',
      'npm run --silent admin -- create bob@example.com --plain',
    ],
    run: (invocation) => create(invocation, ports),
  }),
  token: verb('print a token of a user, for CHAT_TOKEN', {
    name: 'admin token',
    about: 'Signs a user of the pool in and prints the ID token, which is valid for an hour.',
    options: common,
    words: email,
    notes: [
      aboutCredentials,
      aboutPasswords,
      'At the first time a new password is asked for in place of the temporary one.',
    ],
    examples: [
      'export CHAT_TOKEN=$(npm run --silent admin -- token alice@example.com)',
      'npm run --silent admin -- token bot@example.com <password.txt',
    ],
    run: (invocation) => token(invocation, ports),
  }),
  find: verb('print the id of a user of the pool in the chat', {
    name: 'admin find',
    about: 'Prints the id by which the chat knows a user of the pool.',
    options: common,
    words: email,
    notes: [aboutCredentials],
    examples: ['npm run --silent admin -- find bob@example.com'],
    run: (invocation) => find(invocation, ports),
  }),
})

export const accountVerbs = accountVerbsWith(realPorts)

async function create(
  { values, words, output }: Invocation<typeof createOptions>,
  ports: AccountPorts,
): Promise<number> {
  const address = addressIn(words)
  const aws = await ports.aws()
  const pool = await poolOf(aws, values.stack)
  const password = values.password ? await answered(ports, (person) => secret(person, 'Password: ')) : undefined
  const { user, isNew } = await makeUser(aws, pool, { email: address, name: values.name, password })
  if (!values.plain) await putIntoGroup(aws, pool, address, values.group)
  const groups = values.plain ? [] : [values.group]
  if (output.isJson) await output.printJson({ email: address, user, isNew, groups })
  else {
    await output.print(
      `${visible(address)} is ${isNew ? 'now a user' : 'a user already'}, with the id ${user} in the chat.`,
    )
    if (!values.plain)
      await output.print(`The group ${visible(values.group)} makes the user an administrator, from the next token on.`)
    if (isNew && !values.password)
      await output.print('Cognito mails a temporary password, which is valid for three days.')
  }
  return exitCodes.done
}

async function token({ values, words, output }: Invocation<typeof common>, ports: AccountPorts): Promise<number> {
  const address = addressIn(words)
  const aws = await ports.aws()
  const pool = await poolOf(aws, values.stack)
  const { idToken, expiresInSeconds } = await answered(ports, (person) =>
    signIn(aws, pool, address, {
      password: () => secret(person, 'Password: '),
      newPassword: () => secret(person, 'New password: '),
      code: () => secret(person, 'Code of the authenticator app: '),
    }),
  )
  await (output.isJson ? output.printJson({ token: idToken, expiresInSeconds }) : output.print(idToken))
  return exitCodes.done
}

async function find({ values, words, output }: Invocation<typeof common>, ports: AccountPorts): Promise<number> {
  const address = addressIn(words)
  const aws = await ports.aws()
  const user = await userIdOf(aws, await poolOf(aws, values.stack), address)
  if (user === undefined) throw new Failure(`The pool of ${values.stack} has no user ${address}.`, 'not_found')
  await (output.isJson ? output.printJson({ email: address, user }) : output.print(user))
  return exitCodes.done
}

function addressIn([address = '']: readonly string[]): string {
  if (/^[^\s@]+@[^\s@]+$/.test(address)) return address
  throw new UsageError(`"${visible(address)}" is no e-mail address: users of the pool sign in with one.`)
}

async function poolOf(aws: AwsCaller, stack: string): Promise<Pool> {
  const { UserPoolId: pool, ClientId: client, Issuer: issuer } = await outputsOf(aws, stack)
  if (pool !== undefined && client !== undefined) return { pool, client }
  throw new Failure(
    `The stack ${stack} has no user pool of its own: its users and tokens are those of ${issuer ?? 'the issuer in its settings'}.`,
    'misconfigured',
  )
}

async function answered<Answer>({ person }: AccountPorts, ask: (person: Person) => Promise<Answer>): Promise<Answer> {
  const asked = person()
  try {
    return await ask(asked)
  } finally {
    asked.leave()
  }
}

async function secret(person: Person, question: string): Promise<string> {
  const answer = await person.askSecretly(question)
  if (answer) return answer
  throw new UsageError(`${question.replace(/: $/, '')} is missing: type it, or give it as a line of the input.`)
}
