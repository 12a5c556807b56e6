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
import { accessLogTo } from './access-log.ts'
import type { ChatFunction } from './function.ts'

const stageName = 'chat'

// Frames and pushes share the account's 10,000 requests a second. Frames that took them all
// would leave none for handing on what they say.
const throttle = { rateLimit: 1000, burstLimit: 500 }

/** The WebSocket API. One integration and one permission per function, shared by the routes it runs. */
export class SocketApi extends Construct {
  readonly stage: WebSocketStage
  readonly stageArn: string
  readonly #api: WebSocketApi
  #authorizer: CfnAuthorizer | undefined

  constructor(scope: Construct, id: string, props: { accessLog: boolean }) {
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
      ...(props.accessLog ? { accessLogSettings: accessLogTo(this) } : {}),
    })
    this.stageArn = this.#arn(stageName)
  }

  /** Every handshake is put before `gate`: no identity source, because a token may come in one of three places. */
  setAuthorizer(gate: ChatFunction): void {
    const authorizer = new CfnAuthorizer(this, 'Authorizer', {
      apiId: this.#api.apiId,
      name: 'token',
      authorizerType: 'REQUEST',
      authorizerUri: gate.invocationUri,
    })
    this.#mayInvoke(gate, this.#arn(`authorizers/${authorizer.attrAuthorizerId}`))
    this.#authorizer = authorizer
  }

  addRoutes(fn: ChatFunction, routeKeys: readonly string[]): void {
    const integration = new CfnIntegration(fn, 'Integration', {
      apiId: this.#api.apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: fn.invocationUri,
    })
    this.#mayInvoke(fn, `${this.stageArn}/*`)
    for (const key of routeKeys) this.#route(key, integration)
  }

  /** Answers without a function, carrying the request's id over when there is one. */
  answerWithTemplate(routeKey: string): void {
    const onId = (present: string, absent: string) =>
      `#set($id = $input.path('$.id'))#if($id && $id != "") ${present} #else ${absent} #end`
    const integration = new CfnIntegration(this, 'TemplateIntegration', {
      apiId: this.#api.apiId,
      integrationType: 'MOCK',
      templateSelectionExpression: '\\$default',
      requestTemplates: { $default: onId(`{"statusCode":200,"id":$input.json('$.id')}`, '{"statusCode":200}') },
    })
    // What the request template makes is what the response template reads.
    new CfnIntegrationResponse(this, 'TemplateResponse', {
      apiId: this.#api.apiId,
      integrationId: integration.ref,
      integrationResponseKey: '$default',
      templateSelectionExpression: '\\$default',
      responseTemplates: { $default: onId(`{"id":$input.json('$.id'),"ok":true}`, '{"ok":true}') },
    })
    this.#route(routeKey, integration)
  }

  #route(key: string, integration: CfnIntegration): void {
    // A handshake takes its status and its one header from the integration itself, and nobody is left to hear
    // an answer to `$disconnect`; every other verb is answered through a route response.
    const answers = key !== '$connect' && key !== '$disconnect'
    const route = new CfnRoute(this, `Route ${key}`, {
      apiId: this.#api.apiId,
      routeKey: key,
      target: `integrations/${integration.ref}`,
      ...(answers ? { routeResponseSelectionExpression: '$default' } : {}),
      ...(key === '$connect' ? this.#guarded() : {}),
    })
    if (answers)
      new CfnRouteResponse(this, `Response ${key}`, {
        apiId: this.#api.apiId,
        routeId: route.ref,
        routeResponseKey: '$default',
      })
  }

  #guarded() {
    if (this.#authorizer === undefined) throw new Error('$connect must not be reachable before it is guarded.')
    return { authorizationType: 'CUSTOM', authorizerId: this.#authorizer.ref }
  }

  #mayInvoke(fn: ChatFunction, sourceArn: string): void {
    new CfnPermission(fn, 'Permission', {
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      functionName: fn.arn,
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
