import {
  CfnAuthorizer,
  CfnIntegration,
  CfnIntegrationResponse,
  CfnRoute,
  CfnRouteResponse,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { ArnFormat, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { accessLogSettings } from './access-log.ts'
import type { ChatFunction } from './function.ts'
import type { CompleteResources } from './resource-settings.ts'

const stageName = 'chat'

// Frames and pushes share the account's 10,000 requests per second. Without this limit, frames could use all of them
// and leave none for pushes.
const throttle = { rateLimit: 1000, burstLimit: 500 }

/** The WebSocket API. Each function has one integration and one permission, shared by its routes. */
export class SocketApi extends Construct {
  readonly stage: WebSocketStage
  /** ARN of the stage for `execute-api` rights, without a method. */
  readonly stageArn: string
  readonly #api: WebSocketApi
  #authorizer: CfnAuthorizer | undefined

  constructor(scope: Construct, id: string, props: { accessLog: boolean; resources: CompleteResources }) {
    super(scope, id)
    this.#api = new WebSocketApi(this, 'Api', {
      apiName: Stack.of(this).stackName,
      routeSelectionExpression: '$request.body.action',
    })
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.#api,
      stageName,
      autoDeploy: true,
      throttle,
      ...(props.accessLog ? { accessLogSettings: accessLogSettings(this, props.resources) } : {}),
    })
    this.stageArn = this.#arn(stageName)
  }

  /**
   * Makes a function check every handshake. The authorizer has no identity source, because a token may come in one of
   * three places, and API Gateway refuses a handshake that lacks a named source.
   */
  setAuthorizer(fn: ChatFunction): void {
    const authorizer = new CfnAuthorizer(this, 'Authorizer', {
      apiId: this.#api.apiId,
      name: 'token',
      authorizerType: 'REQUEST',
      authorizerUri: fn.invocationUri,
    })
    this.#allowInvoke(fn, this.#arn(`authorizers/${authorizer.attrAuthorizerId}`))
    this.#authorizer = authorizer
  }

  /** Lets a function run these routes. */
  addRoutes(fn: ChatFunction, routeKeys: readonly string[]): void {
    const integration = new CfnIntegration(fn, 'Integration', {
      apiId: this.#api.apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: fn.invocationUri,
    })
    this.#allowInvoke(fn, `${this.stageArn}/*`)
    for (const key of routeKeys) this.#addRoute(key, integration)
  }

  /** Answers a route without a function. The answer has the `id` of the request, if there is one. */
  answerWithTemplate(routeKey: string): void {
    const onId = (present: string, absent: string) =>
      `#set($id = $input.path('$.id'))#if($id && $id != "") ${present} #else ${absent} #end`
    const integration = new CfnIntegration(this, 'TemplateIntegration', {
      apiId: this.#api.apiId,
      integrationType: 'MOCK',
      templateSelectionExpression: '\\$default',
      requestTemplates: { $default: onId(`{"statusCode":200,"id":$input.json('$.id')}`, '{"statusCode":200}') },
    })
    // The output of the request template is the input of the response template.
    new CfnIntegrationResponse(this, 'TemplateResponse', {
      apiId: this.#api.apiId,
      integrationId: integration.ref,
      integrationResponseKey: '$default',
      templateSelectionExpression: '\\$default',
      responseTemplates: { $default: onId(`{"id":$input.json('$.id'),"ok":true}`, '{"ok":true}') },
    })
    this.#addRoute(routeKey, integration)
  }

  #addRoute(key: string, integration: CfnIntegration): void {
    // The integration itself answers a handshake, and a closed connection takes no answer.
    // Every other route needs a route response.
    const hasResponse = key !== '$connect' && key !== '$disconnect'
    // A logical id has only letters and digits, so `disconnect` would have that of `$disconnect`.
    const id = key === 'disconnect' ? 'disconnect verb' : key
    const route = new CfnRoute(this, `Route ${id}`, {
      apiId: this.#api.apiId,
      routeKey: key,
      target: `integrations/${integration.ref}`,
      ...(hasResponse ? { routeResponseSelectionExpression: '$default' } : {}),
      ...(key === '$connect' ? this.#authorization() : {}),
    })
    if (hasResponse)
      new CfnRouteResponse(this, `Response ${id}`, {
        apiId: this.#api.apiId,
        routeId: route.ref,
        routeResponseKey: '$default',
      })
  }

  #authorization() {
    if (this.#authorizer === undefined) throw new Error('$connect needs an authorizer before it becomes a route.')
    return { authorizationType: 'CUSTOM', authorizerId: this.#authorizer.ref }
  }

  #allowInvoke(fn: ChatFunction, sourceArn: string): void {
    new CfnPermission(fn, 'Permission', {
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      functionName: fn.lambda.functionArn,
      sourceArn,
    })
  }

  #arn(path: string): string {
    return Stack.of(this).formatArn({
      service: 'execute-api',
      resource: this.#api.apiId,
      resourceName: path,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    })
  }
}
