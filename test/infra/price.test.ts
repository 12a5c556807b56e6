import { synthesize } from './stack.ts'

/** Billed by the hour or by the month, without any request. */
const billedByTime = [
  /^AWS::EC2::/,
  /^AWS::ECS::/,
  /^AWS::EKS::/,
  /^AWS::RDS::/,
  /^AWS::DocDB::/,
  /^AWS::Neptune::/,
  /^AWS::ElastiCache::/,
  /^AWS::MemoryDB::/,
  /^AWS::DAX::/,
  /^AWS::ElasticLoadBalancing/,
  /^AWS::OpenSearch/,
  /^AWS::Elasticsearch::/,
  /^AWS::Kinesis::Stream$/,
  /^AWS::MSK::/,
  /^AWS::AmazonMQ::/,
  /^AWS::KMS::/,
  /^AWS::SecretsManager::/,
  /^AWS::Route53::HostedZone$/,
  /^AWS::WAFv2::/,
  /^AWS::CloudWatch::(Dashboard|Alarm|CompositeAlarm)$/,
]

const { Resources } = synthesize()
const text = JSON.stringify(Resources)

function billedByTimeOf(context: Record<string, string>): string[] {
  const types = new Set(Object.values(synthesize(context).Resources).map(({ Type }) => Type))
  return [...types].filter((type) => billedByTime.some((pattern) => pattern.test(type))).sort()
}

test('only the alarms and the dashboard are billed by the month', () => {
  expect(billedByTimeOf({})).toEqual(['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard'])
})

test('without alarms and dashboard nothing in the stack is billed by the hour', () => {
  expect(billedByTimeOf({ alarms: 'false', dashboard: 'false' })).toEqual([])
})

test.each([
  'ProvisionedThroughput',
  'WriteProvisionedThroughputSettings',
  'ProvisionedConcurrencyConfig',
  'VpcConfig',
  'KMSMasterKeyId',
  'KinesisStreamSpecification',
])('%s appears nowhere, because it is billed without requests', (property) => {
  expect(text).not.toContain(`"${property}"`)
})
