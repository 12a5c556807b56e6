import { allow, att, lambda, type Resources } from './echo-app.ts'

const keys = ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' }))

/** The event source mapping from the table `log` to the function `Consume`; `properties` override its settings. */
export const source = (properties: Record<string, unknown> = {}): Resources => ({
  Source: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: att('Log2', 'StreamArn'),
      FunctionName: { Ref: 'Consume' },
      StartingPosition: 'LATEST',
      BatchSize: 10,
      MaximumRetryAttempts: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: att('Failed', 'Arn') } },
      ...properties,
    },
  },
})

const readStream = ['GetRecords', 'GetShardIterator', 'DescribeStream'].map((name) => `dynamodb:${name}`)
const writeLog = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'].map((name) => `dynamodb:${name}`)

/** Additions to the echo app: a table with a stream, a function that consumes it, a function to invoke, and queues. */
export const eventResources: Resources = {
  Log2: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'log',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    },
  },
  Failed: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'failed' } },
  Jobs: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      VisibilityTimeout: 20,
      MessageRetentionPeriod: 300,
      RedrivePolicy: { deadLetterTargetArn: att('Failed', 'Arn'), maxReceiveCount: 2 },
    },
  },
  ...lambda('Consume', 'consume', { Timeout: 7 }),
  ...lambda('Work', 'work', { ReservedConcurrentExecutions: 1, Timeout: 2 }),
  Asynchrony: {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: {
      FunctionName: { Ref: 'Work' },
      Qualifier: '$LATEST',
      MaximumEventAgeInSeconds: 600,
      DestinationConfig: { OnFailure: { Destination: att('Failed', 'Arn') } },
    },
  },
  EventsPolicy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyDocument: {
        Statement: [
          allow(readStream, att('Log2', 'StreamArn')),
          allow('dynamodb:ListStreams', '*'),
          allow(writeLog, att('Log2', 'Arn')),
          allow('sqs:SendMessage', att('Failed', 'Arn')),
          allow(
            ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
            att('Jobs', 'Arn'),
          ),
          allow('lambda:InvokeFunction', [att('Work', 'Arn'), { 'Fn::Sub': `\${Work.Arn}:*` }]),
        ],
      },
      Roles: [{ Ref: 'Role' }],
    },
  },
  ...source(),
}
