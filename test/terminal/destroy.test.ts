import { codeFor } from '../../terminal/command/start.ts'
import { destroyWith } from '../../terminal/destroy/command.ts'
import { LocalAccount } from '../support/aws/account.ts'
import { capturedOutput } from '../support/captured-output.ts'
import { answering } from './answering.ts'

const table = (DeletionPolicy: string) => ({ Type: 'AWS::DynamoDB::GlobalTable', DeletionPolicy })
const stream = 'arn:aws:dynamodb:eu-central-1:123456789012:table/messages/stream/2026'

/** A function of a chat, whose tables are in the stack. */
const sendFunction = { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { ROOMS_TABLE: {} } } } }

let account: LocalAccount
beforeEach(async () => {
  regions = []
  account = await LocalAccount.start()
  account.stacks.set('PersistentChat', {
    outputs: {},
    template: {
      Resources: {
        TablesRooms1: table('Retain'),
        TablesMessages1: table('RetainExceptOnCreate'),
        TablesSessions1: table('Delete'),
        IdentityUsers1: { Type: 'AWS::Cognito::UserPool', DeletionPolicy: 'Retain' },
        SendFunction1: sendFunction,
      },
    },
    ids: { TablesRooms1: 'rooms', TablesMessages1: 'messages', IdentityUsers1: 'eu-central-1_Users' },
  })
  account.tables.set('rooms', { TableSizeBytes: 20_000 })
  account.tables.set('messages', { TableSizeBytes: 10 * 1024 ** 3, LatestStreamArn: stream })
})
afterEach(() => account.stop())

let regions: (string | undefined)[] = []

async function run(argv: string[], answers: readonly string[] = [], isPresent = true, ends = 0) {
  const { output, printed } = capturedOutput(argv.includes('--json'))
  const runs: string[][] = []
  const person = answering(answers, isPresent)
  const command = destroyWith({
    aws: async () => account.caller(),
    person: () => person,
    cdk: async (args, _, region) => {
      runs.push([...args])
      regions.push(region)
      return { code: ends, told: '' }
    },
  })
  return { code: await codeFor(command, argv, output), ...printed(), runs, asked: person.asked }
}

test('it says what stays, what that costs, and how to come back, before it asks', async () => {
  const { code, error, out, runs, asked } = await run([], ['PersistentChat'])
  expect(code).toBe(0)
  expect(error).toContain('*   table rooms, 20 KB\n*   table messages, 10.00 GB\n*   user pool eu-central-1_Users\n')
  expect(error).not.toContain('Sessions')
  expect(error).toContain('about $4.50 a month')
  expect(error).toContain(`*   npm run deploy -- tables=rooms=rooms,messages=messages messagesStream=${stream}\n`)
  expect(error).toContain('issuer=https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Users')
  expect(error).toContain('aws dynamodb update-table --table-name rooms --no-deletion-protection-enabled')
  expect(error).toContain('aws cognito-idp delete-user-pool --user-pool-id eu-central-1_Users')
  expect(asked).toEqual(['Type PersistentChat to go on: '])
  expect(runs).toEqual([['destroy', '--force', '-c', 'stack=PersistentChat']])
  expect(out).toBe('The stack PersistentChat is removed.\n')
})

test('another answer, or nobody who could answer, leaves the stack alone', async () => {
  const other = await run([], ['yes'])
  expect(other).toMatchObject({ code: 1, runs: [], error: expect.stringContaining('Not confirmed; nothing was done.') })
  const nobody = await run([], ['PersistentChat'], false)
  expect(nobody).toMatchObject({ code: 1, runs: [], error: expect.stringContaining('needs --yes') })
})

test('--yes asks nobody', async () => {
  const { code, asked, out } = await run(['--yes', '--json'], [], false)
  expect({ code, asked }).toEqual({ code: 0, asked: [] })
  expect(JSON.parse(out)).toMatchObject({
    stack: 'PersistentChat',
    kept: [{ id: 'rooms', bytes: 20_000 }, { id: 'messages' }, { type: 'AWS::Cognito::UserPool' }],
  })
})

test('a stack that keeps nothing says so', async () => {
  account.stacks.set('chat-dev', { outputs: {}, template: { Resources: { SendFunction1: sendFunction } }, ids: {} })
  const { error } = await run(['--stack', 'chat-dev', '--yes'])
  expect(error).toBe('* Nothing stays: the tables go with the stack.\n')
})

test('tables that the settings name are no part of the stack, stay, and are told with all the others', async () => {
  const Variables = { ROOMS_TABLE: 'rooms', MESSAGES_TABLE: 'messages', SESSIONS_TABLE: {} }
  const SendFunction1 = { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables } } }
  const Resources = { SendFunction1, EditFunction1: SendFunction1 }
  account.stacks.set('chat-dev', { outputs: {}, template: { Resources }, ids: {} })
  const { error, out } = await run(['--stack', 'chat-dev', '--yes', '--json'])
  expect(error).toContain('table messages, 10.00 GB, which is named by the settings and no part of the stack')
  expect(error).toContain('about $4.50 a month')
  expect(error).toContain(
    `  npm run deploy -- tables=rooms=rooms,messages=messages messagesStream=${stream} --stack chat-dev`,
  )
  expect(error).toContain('To delete them, when the stack is gone and nothing else uses them:')
  expect(error).not.toContain('Nothing stays')
  expect(JSON.parse(out).kept).toMatchObject([{ holds: 'rooms', id: 'rooms' }, { holds: 'messages' }])
})

test('a stack that is no chat is left alone, and the CDK works in the region that was looked at', async () => {
  account.stacks.set('Billing', { outputs: {}, template: { Resources: { TablesRooms1: table('Delete') } }, ids: {} })
  const { code, error, runs } = await run(['--stack', 'Billing', '--yes'])
  expect({ code, runs }).toEqual({ code: 1, runs: [] })
  expect(error).toContain('The stack "Billing" in eu-central-1 is no chat; nothing was done.')
  await run(['--yes'])
  expect(regions).toEqual(['eu-central-1'])
})

test('a table that is gone already does not stay', async () => {
  account.refused.set('DescribeTable', 'ResourceNotFoundException')
  const { code, error } = await run(['--yes'])
  expect(code).toBe(0)
  expect(error).toContain('* These stay in the account:\n*   user pool eu-central-1_Users\n')
  expect(error).not.toContain('table rooms')
})

test('a removal that fails, and a stack that is not there', async () => {
  const failed = await run(['--yes'], [], true, 1)
  expect(failed).toMatchObject({ code: 1, out: '', error: expect.stringContaining('"cdk destroy" ended with 1;') })
  const other = await run(['--stack', 'other', '--yes'])
  expect(other).toMatchObject({ code: 1, runs: [], error: expect.stringMatching(/^There is no stack "other"/) })
})
