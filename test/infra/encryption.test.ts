import { Key } from 'aws-cdk-lib/aws-kms'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { Stack, type StackProps } from 'aws-cdk-lib/core'
import { PersistentChat, type PersistentChatProps } from '../../infra/lib.ts'
import { byId, emptyFolder, type Properties, propertiesOf, readable, readStack, templateOf, testApp } from './stack.ts'

const code = () => Code.fromAsset(emptyFolder)
const account = '111122223333'

// CDK prints its warnings.
jest.spyOn(console, 'error').mockImplementation()

describe('a key of the customer', () => {
  const withKey = (more: StackProps = {}, props: PersistentChatProps = {}) => {
    const stack = new Stack(testApp(), 'Chats', more)
    new PersistentChat(stack, 'Default', { code, encryptionKey: new Key(stack, 'Own'), ...props })
    return readable(templateOf(stack))
  }
  const template = withKey({}, { accessLog: true, page: emptyFolder })
  const statementsOf = (document: unknown) => (document as { Statement: Properties[] }).Statement
  const ofKeys = (role: string) => {
    const [policy] = propertiesOf(template, role).Policies as Properties[]
    return statementsOf(policy?.PolicyDocument).filter(({ Action }) =>
      [Action].flat().some((action) => String(action).startsWith('kms:')),
    )
  }

  test.each([{}, { env: { region: 'eu-west-1', account } }])(
    'all five tables are encrypted with it, in a stack of %j',
    (more) => {
      const tables = Object.values(byId(withKey(more), 'AWS::DynamoDB::GlobalTable'))
      expect(tables).toHaveLength(5)
      for (const table of tables)
        expect(table).toMatchObject({
          SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
          Replicas: [{ SSESpecification: { KMSMasterKeyId: '{Own.Arn}' } }],
        })
    },
  )

  test('all log groups, the queue and the files of the page are encrypted with it', () => {
    for (const [id, { KmsKeyId }] of Object.entries(byId(template, 'AWS::Logs::LogGroup')))
      expect({ id, KmsKeyId }).toEqual({ id, KmsKeyId: '{Own.Arn}' })
    expect(propertiesOf(template, 'LargeRoomsUndelivered')).toMatchObject({ KmsMasterKeyId: '{Own.Arn}' })
    expect(propertiesOf(template, 'PageFiles').BucketEncryption).toEqual({
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { KMSMasterKeyID: '{Own.Arn}', SSEAlgorithm: 'aws:kms' },
        },
      ],
    })
  })

  test('its policy admits CloudWatch Logs for log groups of this account and Region, and CloudFront for the page', () => {
    expect(statementsOf(propertiesOf(template, 'Own').KeyPolicy)).toEqual(
      expect.arrayContaining([
        {
          Action: ['kms:Decrypt', 'kms:Describe*', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
          Effect: 'Allow',
          Principal: { Service: 'logs.{AWS::Region}.{AWS::URLSuffix}' },
          Resource: '*',
          Condition: {
            ArnLike: {
              'kms:EncryptionContext:aws:logs:arn':
                'arn:{AWS::Partition}:logs:{AWS::Region}:{AWS::AccountId}:log-group:*',
            },
          },
        },
        expect.objectContaining({ Action: 'kms:Decrypt', Principal: { Service: 'cloudfront.amazonaws.com' } }),
      ]),
    )
  })

  test('a role may use it through DynamoDB, and the senders of undelivered messages through SQS, but not by itself', () => {
    const through = (service: string) => ({
      StringEquals: { 'kms:ViaService': `${service}.{AWS::Region}.{AWS::URLSuffix}` },
    })
    const forTables = expect.objectContaining({ Resource: '{Own.Arn}', Condition: through('dynamodb') })
    const forQueue = expect.objectContaining({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '{Own.Arn}',
      Condition: through('sqs'),
    })
    const roles = Object.keys(byId(template, 'AWS::IAM::Role')).filter((id) => /^[A-Z][a-z]+Role$/.test(id))
    expect(roles).toHaveLength(22)
    for (const role of roles) {
      const sends = ['BroadcastRole', 'DeliverRole', 'ReviewRole', 'JobsRole'].includes(role)
      expect(ofKeys(role)).toEqual(sends ? [forTables, forQueue] : [forTables])
    }
  })

  test('the key of another account, whose policy is out of reach, brings a warning that says what it needs', () => {
    const context = { encryptionKey: `arn:aws:kms:eu-west-1:${account}:key/one` }
    const app = testApp()
    const stack = new Stack(app, 'Chats')
    new PersistentChat(stack, 'Chat', { code, encryptionKey: Key.fromKeyArn(stack, 'Own', context.encryptionKey) })
    const warnings = app
      .synth()
      .getStackArtifact(stack.artifactId)
      .messages.map(({ entry }) => String(entry.data))
    expect(warnings.join()).toContain('must let logs.<region>.amazonaws.com encrypt and decrypt')
    expect(propertiesOf(readStack(context), 'SendLog').KmsKeyId).toBe(context.encryptionKey)
  })
})
