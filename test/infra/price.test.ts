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
  /^AWS::CloudWatch::Dashboard$/,
]

const { Resources } = synthesize()
const text = JSON.stringify(Resources)

test('nothing in the stack is billed by the hour', () => {
  const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))]
  expect(types.filter((type) => billedByTime.some((pattern) => pattern.test(type)))).toEqual([])
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
