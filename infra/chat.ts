import type { Code } from 'aws-cdk-lib/aws-lambda'
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { env } from '../lambdas/bindings.ts'
import { ChatFunction, type ChatFunctionProps } from './function.ts'
import { LargeRooms } from './large-rooms.ts'
import { authorizer, type FunctionSpec, functions, ping, routes } from './routes.ts'
import type { Settings } from './settings.ts'
import { SocketApi } from './socket-api.ts'
import { ChatTables } from './tables.ts'
import { TokenIssuer } from './token-issuer.ts'
import { WebPage } from './web-page.ts'

export interface ChatStackProps extends StackProps {
  settings: Settings
  codeOf: (functionName: string) => Code
  /** Builds the web page, where it is asked for, and names the folder. */
  page?: () => string
}

export class ChatStack extends Stack {
  constructor(scope: Construct, id: string, { settings, codeOf, page: build, ...props }: ChatStackProps) {
    super(scope, id, { description: 'Persistent chat rooms over WebSocket', ...props })
    const tables = new ChatTables(this, 'Tables')
    const page = settings.demo && build ? new WebPage(this, 'Page') : undefined
    const { tokens } = new TokenIssuer(this, 'Identity', settings, page?.origin)
    const socket = new SocketApi(this, 'Socket', { accessLog: settings.accessLog })

    const make = (
      line: FunctionSpec,
      description: string,
      environment: Record<string, string>,
      more: Pick<ChatFunctionProps, 'rights' | 'reserved'> = {},
    ) =>
      new ChatFunction(this, pascal(line.name), {
        ...more,
        spec: line,
        code: codeOf(line.name),
        tables,
        stageArn: socket.stageArn,
        description,
        environment,
      })

    socket.setAuthorizer(
      make(authorizer, 'Checks the token and the origin of a handshake', {
        [env.issuer]: tokens.issuer,
        [env.audience]: tokens.audience,
        [env.allowedOrigins]: [settings.allowedOrigins, page?.origin].filter(Boolean).join(','),
      }),
    )
    // The same for every route: a name is no right, and what a function may reach is its role's to say.
    const environment = {
      [env.sessionsTable]: tables.sessions.tableName,
      [env.roomsTable]: tables.rooms.tableName,
      [env.messagesTable]: tables.messages.tableName,
      [env.recordsTable]: tables.records.tableName,
      [env.connectionsUrl]: socket.stage.callbackUrl,
      [env.domain]: settings.chatDomain,
      [env.adminGroup]: settings.adminGroup,
      [env.epoch]: settings.epoch,
    }
    for (const line of functions) {
      const keys = routes.filter((route) => route.function === line.name).map((route) => route.key)
      socket.addRoutes(make(line, `Runs ${keys.join(', ')}`, environment), keys)
    }
    socket.answerWithTemplate(ping)
    const largeRooms = new LargeRooms(this, 'LargeRooms', { tables, settings, environment, makeFunction: make })

    if (page && build)
      page.publish(build(), { url: socket.stage.url, issuer: tokens.issuer, clientId: tokens.audience })

    new CfnOutput(this, 'Url', { value: socket.stage.url })
    new CfnOutput(this, 'Issuer', { value: tokens.issuer })
    new CfnOutput(this, 'UndeliveredQueue', { value: largeRooms.undeliveredQueue })
    new CfnOutput(this, 'DeliverFunction', { value: largeRooms.deliverFunction })
  }
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
