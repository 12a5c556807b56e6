/** A finding of cdk-nag that stays as it is, and why. */
export interface Acknowledgement {
  /** The id of the rule; of one that has findings of its own, the finding as well. Logical ids lack their digits. */
  rule: string
  /** Paths of the resources, below the stack. */
  at: RegExp
  reason: string
}

const bucketDeployment = /^Custom::CDKBucketDeployment/
const ofBucketDeployment = (rule: string): Acknowledgement => ({
  rule,
  at: bucketDeployment,
  reason: 'The function with which CDK uploads the page is of aws-cdk-lib, with the role that this library gives it.',
})

/** Every finding in the stack. nag.test.ts fails for one that is missing here, and for a line that nothing needs. */
export const acknowledged: readonly Acknowledgement[] = [
  {
    rule: 'AwsSolutions-APIG1',
    at: /^Default\/Socket\/Stage$/,
    reason:
      'The access log needs a role of the account, without which the stage fails to deploy. `npm run deploy` turns it on where the role exists.',
  },
  {
    rule: 'Serverless-APIGWAccessLogging',
    at: /^Default\/Socket\/Stage$/,
    reason: 'As AwsSolutions-APIG1.',
  },
  {
    rule: 'AwsSolutions-APIG4',
    at: /^Default\/Socket\/Route (?!\$connect$)/,
    reason:
      'A WebSocket API authorizes the handshake, at $connect, and every frame comes over a connection that it admitted.',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<SocketApi>/chat/POST/@connections/*]',
    at: /^Default\/\w+\/Role$/,
    reason: 'API Gateway makes the ids of connections when they open. The API, the stage and the method are exact.',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<SocketApi>/chat/DELETE/@connections/*]',
    at: /^Default\/\w+\/Role$/,
    reason: 'API Gateway makes the ids of connections when they open. The API, the stage and the method are exact.',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::<TablesMessages.Arn>/stream/*]',
    at: /^Default\/Broadcast\/Role$/,
    reason: 'ListStreams lists the streams of one table and names none of them.',
  },
  {
    rule: 'AwsSolutions-COG1',
    at: /^Default\/Identity\/Users$/,
    reason:
      'Passwords have at least 12 characters, and no kind of character is demanded: NIST SP 800-63B advises length, and against such rules.',
  },
  {
    rule: 'AwsSolutions-COG2',
    at: /^Default\/Identity\/Users$/,
    reason: 'Users may turn a second factor on. A pool that demands it admits no user before a device is registered.',
  },
  {
    rule: 'AwsSolutions-COG8',
    at: /^Default\/Identity\/Users$/,
    reason:
      'The plus plan costs for every user and month, and adds the detection of taken-over accounts. Whoever wants it brings a pool.',
  },
  {
    rule: 'AwsSolutions-SQS3',
    at: /^Default\/LargeRooms\/Undelivered$/,
    reason: 'This queue is the dead-letter queue: Lambda puts failed orders and batches there.',
  },
  {
    rule: 'Serverless-SQSRedrivePolicy',
    at: /^Default\/LargeRooms\/Undelivered$/,
    reason: 'This queue is the dead-letter queue: nothing receives from it but `npm run redrive`.',
  },
  {
    rule: 'Serverless-LambdaDLQ',
    at: /^Default\/(Deliver|Broadcast)\/Function$/,
    reason: 'What fails goes to the queue by a destination on failure, which says more than a dead letter does.',
  },
  {
    rule: 'Serverless-LambdaDLQ',
    at: /^Default\/Review\/Function$/,
    reason:
      'A review that fails three times is in the log, and is repeated as docs/delivery.md says: it may run at any time.',
  },
  {
    rule: 'Serverless-LambdaDLQ',
    at: /^Default\/Jobs\/Function$/,
    reason: 'The next day does what a failed day left undone.',
  },
  {
    rule: 'Serverless-EventBusDLQ',
    at: /^Default\/Daily\/Rule$/,
    reason: 'The next day does what a failed day left undone.',
  },
  {
    rule: 'Serverless-LambdaDLQ',
    at: /^Default\/(?!(Deliver|Broadcast|Review|Jobs)\/)\w+\/Function$/,
    reason: 'API Gateway waits for the answer of these functions, so no failed event is left over.',
  },
  {
    rule: 'Serverless-LambdaTracing',
    at: /^Default\/\w+\/Function$/,
    reason: 'API Gateway does not trace a WebSocket API, and each trace of a function costs.',
  },
  {
    rule: 'AwsSolutions-S1',
    at: /^Default\/Page\/Files$/,
    reason: 'The bucket holds the files of the page, which are public, and nobody reads them but the distribution.',
  },
  {
    rule: 'AwsSolutions-CFR1',
    at: /^Default\/Page\/Distribution$/,
    reason: 'Where users may be is for those who deploy to say.',
  },
  {
    rule: 'AwsSolutions-CFR2',
    at: /^Default\/Page\/Distribution$/,
    reason:
      'The distribution serves a handful of files and takes no input. A web ACL costs by the month, without any request.',
  },
  {
    rule: 'AwsSolutions-CFR3',
    at: /^Default\/Page\/Distribution$/,
    reason: 'Requests for the files of the page say little, and their log holds the addresses of the users.',
  },
  {
    rule: 'AwsSolutions-CFR4',
    at: /^Default\/Page\/Distribution$/,
    reason:
      'CloudFront sets the oldest version of TLS itself while a distribution has no domain and certificate of its own.',
  },
  ofBucketDeployment(
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
  ),
  ...['GetBucket*', 'GetObject*', 'List*', 'Abort*', 'DeleteObject*'].map((action) =>
    ofBucketDeployment(`AwsSolutions-IAM5[Action::s3:${action}]`),
  ),
  ofBucketDeployment(
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*]',
  ),
  ofBucketDeployment('AwsSolutions-IAM5[Resource::<PageFiles.Arn>/*]'),
  ofBucketDeployment('AwsSolutions-L1'),
  ofBucketDeployment('Serverless-LambdaLatestVersion'),
  ofBucketDeployment('Serverless-LambdaDLQ'),
  ofBucketDeployment('Serverless-LambdaTracing'),
]
