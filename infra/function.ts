import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  ApplicationLogLevel,
  Architecture,
  CfnFunction,
  type Code,
  type IFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  RuntimeFamily,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda'
import { Duration, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { index, type LogLevel } from '../lambdas/bindings.ts'
import { memoryOf } from './complete-resources.ts'
import { logGroup, useOfKey } from './encryption.ts'
import type { FunctionSpec, TableActions } from './functions.ts'
import type { CompleteResources } from './resource-settings.ts'
import type { ChatTables } from './tables.ts'

export interface ChatFunctionProps {
  spec: FunctionSpec
  code: Code
  tables: ChatTables
  resources: CompleteResources
  /** ARN of the stage, without `/POST/@connections/*`. */
  stageArn: string
  description: string
  environment: Record<string, string>
  /** How much its log holds. */
  logLevel: LogLevel
  /** Rights in addition to those on tables and connections. */
  rights?: PolicyStatement[]
  /** Reserved concurrency: kept free for this function, and its upper bound. */
  reserved?: number | undefined
}

/** Makes a function of the chat in the scope of the chat; `more` holds the parts that few functions have. */
export type MakeFunction = (
  spec: FunctionSpec,
  description: string,
  environment: Record<string, string>,
  more?: Pick<ChatFunctionProps, 'rights' | 'reserved'>,
) => ChatFunction

/** One function with a role and a log group that no other function shares. Its role allows what its spec lists. */
export class ChatFunction extends Construct {
  readonly lambda: LambdaFunction
  /** The function as an integration or an authorizer of API Gateway names it. */
  readonly invocationUri: string

  constructor(scope: Construct, id: string, props: ChatFunctionProps) {
    super(scope, id)
    const { encryptionKey, functions: defaults } = props.resources
    const log = logGroup(this, 'Log', props.resources)
    // Inline, because a policy resource per function would count against the limit of resources in a stack.
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        access: new PolicyDocument({
          statements: [
            allow(['logs:CreateLogStream', 'logs:PutLogEvents'], log.logGroupArn),
            ...tableStatements(props.spec.tables, props.tables),
            ...connectionStatements(props.spec.connections, props.stageArn),
            ...(encryptionKey ? [useOfKey(this, encryptionKey, 'dynamodb', ofTables)] : []),
            ...(defaults.tracing ? [toTrace()] : []),
            ...(props.rights ?? []),
          ],
        }),
      },
    })
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime,
      architecture: defaults.architecture ?? Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code,
      role,
      logGroup: log,
      memorySize: memoryOf(props.spec.name, props.spec.memory, defaults),
      timeout: Duration.seconds(props.spec.timeout),
      environment: props.environment,
      loggingFormat: LoggingFormat.JSON,
      // Lambda takes a line without a level, which a line of metrics alone is, for INFO: a higher level would drop the
      // metrics. The function itself writes as much as the setting says.
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      // At INFO, Lambda adds a line at the start and one at the end of each call.
      systemLogLevelV2: props.logLevel === 'debug' ? SystemLogLevel.INFO : SystemLogLevel.WARN,
      ...(props.reserved !== undefined && { reservedConcurrentExecutions: props.reserved }),
      ...(defaults.layers && { layers: [...defaults.layers] }),
    })
    // The prop of the function would give its role a policy of its own.
    const { defaultChild } = this.lambda.node
    if (defaults.tracing && defaultChild instanceof CfnFunction) defaultChild.tracingConfig = { mode: 'Active' }
    const { partition, region } = Stack.of(this)
    this.invocationUri = `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${this.lambda.functionArn}/invocations`
  }
}

/** By its name, which older releases of CDK do not know yet. */
const runtime = new Runtime('nodejs24.x', RuntimeFamily.NODEJS)

/** DynamoDB asks for all of them, whatever a function does with a table; that is for its rights on the table to say. */
const ofTables = ['Decrypt', 'DescribeKey', 'Encrypt', 'ReEncrypt*', 'GenerateDataKey*']

/** X-Ray has no resource that a statement could name. */
const toTrace = () => allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*')

function tableStatements(allowed: TableActions, tables: ChatTables): PolicyStatement[] {
  const { sessions, rooms, messages, records, budgets } = tables
  const rights: [readonly string[] | undefined, string][] = [
    [allowed.sessions, sessions.tableArn],
    [allowed.byUser, `${sessions.tableArn}/index/${index.byUser.name}`],
    [allowed.rooms, rooms.tableArn],
    [allowed.byCategory, `${rooms.tableArn}/index/${index.byCategory.name}`],
    [allowed.byPrincipal, `${rooms.tableArn}/index/${index.byPrincipal.name}`],
    [allowed.messages, messages.tableArn],
    [allowed.records, records.tableArn],
    [allowed.budgets, budgets.tableArn],
  ]
  return rights.flatMap(([actions, arn]) =>
    actions === undefined || actions.length === 0
      ? []
      : [
          allow(
            actions.map((action) => `dynamodb:${action}`),
            arn,
          ),
        ],
  )
}

/** Connection ids are unknown at deployment, so the last part is a wildcard; method and stage are exact. */
function connectionStatements(methods: FunctionSpec['connections'], stageArn: string): PolicyStatement[] {
  return methods.map((method) => allow(['execute-api:ManageConnections'], `${stageArn}/${method}/@connections/*`))
}

/** A statement that allows to start a function. */
export const mayStart = ({ functionArn }: IFunction): PolicyStatement => allow(['lambda:InvokeFunction'], functionArn)

/** A statement that allows actions on one resource. */
export function allow(actions: string[], resource: string): PolicyStatement {
  return new PolicyStatement({ effect: Effect.ALLOW, actions, resources: [resource] })
}
