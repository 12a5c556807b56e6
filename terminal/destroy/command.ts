import { type AwsCaller, awsCaller } from '../aws/caller.ts'
import { identityOfEnvironment } from '../aws/identity.ts'
import { keptResources } from '../aws/stack.ts'
import { stackOption } from '../aws/stack-name.ts'
import type { Command, Invocation } from '../command/command.ts'
import { exitCodes, Failure } from '../command/failure.ts'
import { json, type Options } from '../command/options.ts'
import { confirm, type Person, personAt } from '../command/person.ts'
import { type Cdk, cdk, inRegion } from '../deploy/cdk.ts'
import { type Kept, linesAbout, sizesOf } from './kept.ts'

const options = {
  stack: stackOption('the name of the stack'),
  yes: { kind: 'flag', meaning: 'do not ask; needed where nobody can be asked' },
  json,
} as const satisfies Options

/** The ports of this command, which tests replace. */
export interface DestroyPorts {
  aws(): Promise<AwsCaller>
  cdk: Cdk
  person(): Person
}

const realPorts: DestroyPorts = {
  aws: async () => awsCaller(await identityOfEnvironment()),
  cdk,
  person: () => personAt(process.stdin, process.stderr),
}

export const destroyWith = (ports: DestroyPorts): Command<typeof options> => ({
  name: 'destroy',
  about: `Removes the stack. First it says what stays in the account, what that costs a month, how to come back to it, and how to delete it.`,
  options,
  notes: ['At a terminal it asks for the name of the stack before it removes anything.'],
  exits: { 0: 'the stack is removed', 1: 'there is no such stack, it was not confirmed, or its removal failed' },
  examples: ['npm run destroy', 'npm run destroy -- --stack chat-dev --yes'],
  run: (invocation) => destroyStack(invocation, ports),
})

export const destroy = destroyWith(realPorts)

async function destroyStack({ values, output }: Invocation<typeof options>, ports: DestroyPorts): Promise<number> {
  const { stack, yes } = values
  const aws = await ports.aws()
  const kept: Kept[] = await sizesOf(aws, await keptResources(aws, stack))
  const lines = linesAbout(kept, stack, aws.region)
  for (const line of lines) output.note(line)
  const person = ports.person()
  try {
    await confirm(person, { yes, word: stack, what: `The removal of ${stack}` })
  } finally {
    person.leave()
  }
  const { code } = await inRegion(ports.cdk, aws.region)(['destroy', '--force', '-c', `stack=${stack}`])
  if (code !== 0)
    throw new Failure(
      `"cdk destroy" ended with ${code}; the lines above say why. The same command goes on where it stopped.`,
    )
  await (output.isJson ? output.printJson({ stack, kept }) : output.print(`The stack ${stack} is removed.`))
  return exitCodes.done
}
