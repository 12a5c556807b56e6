import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, type Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { index } from '../lambdas/bindings.ts'
import type { FunctionSpec, TableActions } from './routes.ts'
import type { ChatTables } from './tables.ts'

export interface ChatFunctionProps {
  spec: FunctionSpec
  code: Code
  tables: ChatTables
  /** ARN of the stage, where `…/POST/@connections/*` is appended. */
  stageArn: string
  description: string
  environment: Record<string, string>
  /** Rights beyond tables and connections. */
  rights?: PolicyStatement[]
  /** Invocations at once that are kept for it alone, and that it never exceeds. */
  reserved?: number | undefined
}

/** One function with a role, a log group and rights of its own: exactly its line in routes.ts. */
export class ChatFunction extends Construct {
  readonly arn: string
  readonly name: string
  readonly invocationUri: string

  constructor(scope: Construct, id: string, props: ChatFunctionProps) {
    super(scope, id)
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    // Inline, since a policy resource per function would count against the stack's limit.
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        access: new PolicyDocument({
          statements: [
            allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
            ...tableStatements(props.spec.access, props.tables),
            ...connectionStatements(props.spec.connections, props.stageArn),
            ...(props.rights ?? []),
          ],
        }),
      },
    })
    const fn = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code,
      role,
      logGroup,
      memorySize: props.spec.memory,
      timeout: Duration.seconds(props.spec.timeout),
      environment: props.environment,
      ...(props.reserved !== undefined && { reservedConcurrentExecutions: props.reserved }),
    })
    this.arn = fn.functionArn
    this.name = fn.functionName
    const { partition, region } = Stack.of(this)
    this.invocationUri = `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${fn.functionArn}/invocations`
  }
}

function tableStatements(access: TableActions, tables: ChatTables): PolicyStatement[] {
  const { sessions, rooms, messages, records } = tables
  const rights: [readonly string[] | undefined, string][] = [
    [access.sessions, sessions.tableArn],
    [access.byUser, `${sessions.tableArn}/index/${index.byUser.name}`],
    [access.rooms, rooms.tableArn],
    [access.byCategory, `${rooms.tableArn}/index/${index.byCategory.name}`],
    [access.byPrincipal, `${rooms.tableArn}/index/${index.byPrincipal.name}`],
    [access.messages, messages.tableArn],
    [access.records, records.tableArn],
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

/** Connection ids are minted at run time, so the last star must stay; method and stage are exact. */
function connectionStatements(methods: FunctionSpec['connections'], stageArn: string): PolicyStatement[] {
  return methods.map((method) => allow(['execute-api:ManageConnections'], `${stageArn}/${method}/@connections/*`))
}

export function allow(actions: string[], resource: string): PolicyStatement {
  return new PolicyStatement({ effect: Effect.ALLOW, actions, resources: [resource] })
}
