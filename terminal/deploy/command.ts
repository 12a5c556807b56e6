import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AwsCaller, awsCaller } from '../aws/caller.ts'
import { type Found, look } from '../aws/checks.ts'
import { identityOfEnvironment } from '../aws/identity.ts'
import { stackOption } from '../aws/stack-name.ts'
import type { Command, Invocation } from '../command/command.ts'
import { exitCodes, Failure } from '../command/failure.ts'
import { json, type Options } from '../command/options.ts'
import { type Person, personAt } from '../command/person.ts'
import { type Cdk, cdk, inRegion } from './cdk.ts'
import { check, findingsOf } from './findings.ts'
import { nextLines } from './next-lines.ts'
import { contextArguments, settingsIn, settingsOfFile } from './settings.ts'

const options = {
  stack: stackOption('the name of the stack'),
  check: { kind: 'flag', meaning: 'look at the account and the settings, and change nothing' },
  yes: {
    kind: 'flag',
    meaning: 'do not ask before the region is prepared or rights are widened; needed where nobody can be asked',
  },
  json,
} as const satisfies Options

/** The ports of a deployment, which tests replace. */
export interface DeployPorts {
  aws(): Promise<AwsCaller>
  cdk: Cdk
  person(): Person
}

const realPorts: DeployPorts = {
  aws: async () => awsCaller(await identityOfEnvironment()),
  cdk,
  person: () => personAt(process.stdin, process.stderr),
}

export const deployWith = (ports: DeployPorts): Command<typeof options> => ({
  name: 'deploy',
  about: `Deploys the chat to the AWS account and region of the environment, or updates it. It looks first whether the account can take it,
and says what it found; then it runs "cdk deploy", and prints the addresses and what to do next.`,
  options,
  words: { name: 'name=value', meaning: 'a setting of the stack, as the README lists them, such as demo=true' },
  notes: [
    'A setting that is left out has its default again: give the same ones with every deployment, or write them into cdk.json.',
    'Where nobody can be asked, --yes must be given: a deployment may widen rights.',
  ],
  exits: { 0: 'it is deployed', 1: 'the account or a setting does not fit, or the deployment failed' },
  examples: [
    'npm run deploy -- demo=true',
    'npm run deploy -- --stack chat-dev issuer=https://login.example.com audience=chat',
    'npm run deploy -- --check demo=true',
  ],
  run: (invocation) => deployStack(invocation, ports),
})

export const deploy = deployWith(realPorts)

async function deployStack({ values, words, output }: Invocation<typeof options>, ports: DeployPorts): Promise<number> {
  const settings = settingsIn(words)
  const { stack } = values
  const aws = await ports.aws()
  const cdkHere = inRegion(ports.cdk, aws.region)
  const found = await look(aws)
  for (const line of findingsOf(found)) output.note(line)
  const all = { ...settingsOfFile(), ...settings }
  check(found, all)
  // Where the file or the command says something about it, that holds.
  const chosen = { ...settingsFor(found, all), ...settings, stack }

  const folder = await mkdtemp(join(tmpdir(), 'chat-deploy-'))
  const person = ports.person()
  try {
    const template = join(folder, 'template')
    await synthesize(cdkHere, template, contextArguments(chosen))
    if (values.check) {
      output.note('The account and the settings fit. Nothing was changed.')
      return exitCodes.done
    }
    await prepare(found, values.yes, person, cdkHere)
    if (!values.yes && !person.isPresent) throw unapproved
    const outputsFile = join(folder, 'outputs.json')
    const approval = values.yes ? ['--require-approval', 'never'] : []
    person.leave()
    const { code } = await cdkHere(['deploy', '--app', template, '--outputs-file', outputsFile, ...approval])
    if (code !== 0) throw failed(stack, code)
    const outputs = await outputsIn(outputsFile, stack)
    if (output.isJson) await output.printJson(outputs)
    else for (const line of nextLines(stack, outputs)) await output.print(line)
    return exitCodes.done
  } finally {
    person.leave()
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the account says for settings that are not given. */
const settingsFor = (
  { mayLog, concurrency }: Found,
  given: Readonly<Record<string, unknown>>,
): Record<string, string> => ({
  ...(given.accessLog === undefined && mayLog && { accessLog: 'true' }),
  ...(given.accountConcurrency === undefined && concurrency > 0 && { accountConcurrency: String(concurrency) }),
})

const unapproved = new Failure(
  'The deployment may widen rights, and nobody can be asked about it: give --yes. Nothing was changed.',
  'unconfirmed',
)

/** Makes the template before anything is changed, so that a wrong setting is told as one sentence. */
async function synthesize(run: Cdk, folder: string, context: readonly string[]): Promise<void> {
  const { code, told } = await run(['synth', '--quiet', '--output', folder, ...context], true)
  if (code === 0) return
  const reason = /^\s*(?:\w*Error: )(.+)$/m.exec(told)?.[1] ?? told.trim().split('\n').at(-1) ?? `it ended with ${code}`
  throw new Failure(`The template cannot be made: ${reason} Nothing was changed.`, 'misconfigured')
}

/** The CDK keeps its files and roles in a stack of its own, once in each account and region. */
async function prepare({ account, region, bootstrap }: Found, yes: boolean, person: Person, run: Cdk): Promise<void> {
  if (bootstrap !== undefined) return
  const command = `npx cdk bootstrap aws://${account}/${region}`
  if (!yes) {
    const answer = await person.ask(`${region} is not prepared for the CDK. Run "${command}" now? [y/N] `)
    if (!person.isPresent || !/^y(es)?$/i.test(answer?.trim() ?? ''))
      throw new Failure(
        `${region} is not prepared for the CDK: run "${command}", or give --yes. Nothing was changed.`,
        'misconfigured',
      )
  }
  const { code } = await run(['bootstrap', `aws://${account}/${region}`])
  if (code !== 0) throw new Failure(`"${command}" ended with ${code}; the lines above say why.`)
}

const failed = (stack: string, code: number): Failure =>
  new Failure(
    `"cdk deploy" ended with ${code}; the lines above say why. A stack that exists is as it was before, and of a new one nothing is left that keeps the same command from being run again. What happened: "aws cloudformation describe-stack-events --stack-name ${stack}".`,
  )

async function outputsIn(file: string, stack: string): Promise<Record<string, string>> {
  const outputs: Record<string, Record<string, string>> = JSON.parse(await readFile(file, 'utf8'))
  return outputs[stack] ?? {}
}
