import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { RemovalPolicy } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'

/** Neither query string nor headers, where tokens travel, nor any word of a message. */
const line = {
  time: '$context.requestTimeEpoch',
  requestId: '$context.requestId',
  connectionId: '$context.connectionId',
  event: '$context.eventType',
  route: '$context.routeKey',
  status: '$context.status',
  user: '$context.authorizer.principalId',
  ip: '$context.identity.sourceIp',
  failure: '$context.error.responseType',
  integrationStatus: '$context.integrationStatus',
  integrationLatency: '$context.integrationLatency',
}

/**
 * Off unless asked for: API Gateway writes it through a role that is set once per account and Region
 * (`AWS::ApiGateway::Account`). Where that role is missing, a stage with an access log fails to deploy; and a
 * stack that set it would change every other API of the account.
 */
export function accessLogTo(scope: Construct): IAccessLogSettings {
  const log = new LogGroup(scope, 'AccessLog', {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  return { destination: new LogGroupLogDestination(log), format: AccessLogFormat.custom(JSON.stringify(line)) }
}
