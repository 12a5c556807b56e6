import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2'
import type { Construct } from 'constructs'
import { logGroup } from './encryption.ts'
import type { CompleteResources } from './resource-settings.ts'

/** Leaves out query strings and headers, which carry tokens, and the text of messages. */
const fields = {
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
 * Makes a log group for the access log of an API and returns the settings of its stage.
 *
 * The log is off by default: API Gateway writes it with a role that is set once per account and Region
 * (`AWS::ApiGateway::Account`). Without that role, a stage with an access log fails to deploy; and a stack that set
 * the role would change every other API of the account.
 */
export function accessLogSettings(scope: Construct, resources: CompleteResources): IAccessLogSettings {
  const log = logGroup(scope, 'AccessLog', resources)
  return { destination: new LogGroupLogDestination(log), format: AccessLogFormat.custom(JSON.stringify(fields)) }
}
