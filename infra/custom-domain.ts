import {
  ApiMapping,
  DomainName,
  EndpointType,
  type IDomainName,
  SecurityPolicy,
  type WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { Stack, Token } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { ChatDomain } from './resource-settings.ts'

/**
 * A host name for the stage. Functions go on posting at the address of API Gateway, which a domain does not replace.
 */
export class CustomDomain extends Construct {
  readonly domainName: IDomainName
  /** Address for clients. */
  readonly url: string

  constructor(scope: Construct, id: string, stage: WebSocketStage, { name, certificate }: ChatDomain) {
    super(scope, id)
    checkRegion(certificate.certificateArn, Stack.of(this).region)
    this.domainName = new DomainName(this, 'Name', {
      domainName: name,
      certificate,
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    })
    new ApiMapping(this, 'Mapping', { api: stage.api, domainName: this.domainName, stage })
    this.url = `wss://${name}`
  }
}

function checkRegion(certificate: string, region: string): void {
  const [, , , of = ''] = Token.isUnresolved(certificate) ? [] : certificate.split(':')
  if (of === '' || Token.isUnresolved(region) || of === region) return
  throw new Error(`The certificate of "domain" is in ${of} and the stack in ${region}: name one in ${region}.`)
}
