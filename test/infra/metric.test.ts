import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { App, Stack } from 'aws-cdk-lib/core'
import { PersistentChat } from '../../infra/lib.ts'
import { byId, emptyFolder, readable, templateOf } from './stack.ts'

const code = () => Code.fromAsset(emptyFolder)

describe('metrics', () => {
  const stack = new Stack(new App(), 'Chats')
  const [only, sales] = ['Default', 'Sales'].map((id) => new PersistentChat(stack, id, { code }))
  const rendered = (chat: PersistentChat | undefined, ...args: Parameters<PersistentChat['metric']>) =>
    chat?.metric(...args).toMetricConfig().metricStat

  test('a metric is that of one chat: of the stack, or of the path of the chat in it', () => {
    expect(rendered(only, 'Requests')).toMatchObject({
      namespace: 'PersistentChat',
      metricName: 'Requests',
      statistic: 'Sum',
      dimensions: [{ name: 'Stack', value: 'Chats' }],
    })
    expect(rendered(sales, 'Latency')).toMatchObject({
      statistic: 'p99',
      dimensions: [{ name: 'Stack', value: 'Chats/Sales' }],
    })
    expect([only?.stackDimension, sales?.stackDimension]).toEqual(['Chats', 'Chats/Sales'])
  })

  test('options narrow it and choose another statistic', () => {
    const options = { statistic: 'p50', dimensionsMap: { Verb: 'send' } }
    expect(rendered(only, 'Latency', options)).toMatchObject({
      statistic: 'p50',
      dimensions: [
        { name: 'Stack', value: 'Chats' },
        { name: 'Verb', value: 'send' },
      ],
    })
  })
})

test('a grant lets a program push frames to the connections of one chat, and nothing else', () => {
  const stack = new Stack(new App(), 'Chats')
  const chat = new PersistentChat(stack, 'Default', { code })
  const role = new Role(stack, 'Robot', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
  chat.grantPublish(role)
  const policies = byId(readable(templateOf(stack)), 'AWS::IAM::Policy')
  expect(policies.RobotDefaultPolicy?.PolicyDocument).toMatchObject({
    Statement: [
      {
        Action: 'execute-api:ManageConnections',
        Effect: 'Allow',
        Resource:
          'arn:{AWS::Partition}:execute-api:{AWS::Region}:{AWS::AccountId}:{SocketApi}/chat/POST/@connections/*',
      },
    ],
  })
  expect(stack.resolve(chat.connectionsUrl)).toMatchObject({ 'Fn::Join': ['', expect.arrayContaining(['/chat'])] })
})
