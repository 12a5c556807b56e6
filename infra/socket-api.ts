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
import { ArnFormat, type CfnResource, Stack } from 'aws-cdk-lib/core'
import { Construct, Dependable, type IDependable } from 'constructs'
import { accessLogSettings } from './access-log.ts'
import type { ChatFunction } from './function.ts'
import type { CompleteResources } from './resource-settings.ts'

const stageName = 'chat'

// Frames and pushes share the account's 10,000 requests per second. Without this limit, frames could use all of them
// and leave none for pushes.
const throttle = { rateLimit: 1000, burstLimit: 500 }

/**
 * The WebSocket API. Each function has one integration and one permission, shared by its routes.
 *
 * API Gateway refuses two changes to one API at the same time. So the parts of the API depend on each other, one after
 * another, and the stage on the last: CloudFormation makes and changes them one by one, and a new stage has all routes.
 */
export class SocketApi extends Construct {
  readonly stage: WebSocketStage
  /** ARN of the stage for `execute-api` rights, without a method. */
  readonly stageArn: string
  readonly #api: WebSocketApi
  /** The part that was added last. */
  #last: CfnResource | undefined
  #authorizer: { resource: CfnAuthorizer; permission: CfnPermission } | undefined

  constructor(scope: Construct, id: string, props: { accessLog: boolean; resources: CompleteResources }) {
    super(scope, id)
    this.#api = new WebSocketApi(this, 'Api', {
      apiName: Stack.of(this).stackName,
      routeSelectionExpression: '$request.body.action',
    })
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.#api,
      stageName,
      // A stage that exists cannot be given a deployment of its own safely; see docs/decisions.md.
      autoDeploy: true,
      throttle,
      ...(props.accessLog ? { accessLogSettings: accessLogSettings(this, props.resources) } : {}),
    })
    this.stage.node.addDependency(this.#lastPart())
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
    this.#append(authorizer)
    const permission = this.#allowInvoke(fn, this.#arn(`authorizers/${authorizer.attrAuthorizerId}`))
    this.#authorizer = { resource: authorizer, permission }
  }

  /** Lets a function run these routes. */
  addRoutes(fn: ChatFunction, routeKeys: readonly string[]): void {
    const integration = new CfnIntegration(fn, 'Integration', {
      apiId: this.#api.apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: fn.invocationUri,
    })
    // The stage deploys each route at once, and a route without the permission would answer with an error.
    integration.node.addDependency(this.#allowInvoke(fn, `${this.stageArn}/*`))
    this.#append(integration)
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
    this.#append(integration)
    // The output of the request template is the input of the response template.
    const response = new CfnIntegrationResponse(this, 'TemplateResponse', {
      apiId: this.#api.apiId,
      integrationId: integration.ref,
      integrationResponseKey: '$default',
      templateSelectionExpression: '\\$default',
      responseTemplates: { $default: onId(`{"id":$input.json('$.id'),"ok":true}`, '{"ok":true}') },
    })
    this.#append(response)
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
    })
    if (key === '$connect') this.#authorize(route)
    this.#append(route)
    if (!hasResponse) return
    const response = new CfnRouteResponse(this, `Response ${id}`, {
      apiId: this.#api.apiId,
      routeId: route.ref,
      routeResponseKey: '$default',
    })
    this.#append(response)
  }

  #authorize(route: CfnRoute): void {
    if (this.#authorizer === undefined) throw new Error('$connect needs an authorizer before it becomes a route.')
    route.authorizationType = 'CUSTOM'
    route.authorizerId = this.#authorizer.resource.ref
    route.node.addDependency(this.#authorizer.permission)
  }

  /** Makes a part of the API depend on the part before it. */
  #append(part: CfnResource): void {
    if (this.#last !== undefined) part.node.addDependency(this.#last)
    this.#last = part
  }

  /** The part that is the last when the template is written. */
  #lastPart(): IDependable {
    const last = {}
    const roots = () => (this.#last === undefined ? [] : [this.#last])
    Dependable.implement(last, {
      get dependencyRoots() {
        return roots()
      },
    })
    return last
  }

  #allowInvoke(fn: ChatFunction, sourceArn: string): CfnPermission {
    return new CfnPermission(fn, 'Permission', {
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
