import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { PersistentChat, type PersistentChatProps } from './chat.ts'
import type { ResourceSettings } from './resource-settings.ts'
import { audiencesOf } from './token-settings.ts'

export interface ChatStackProps extends PersistentChatProps, StackProps {
  /** Settings that name resources of the account, which the stack refers to. */
  resources?: (scope: Construct) => ResourceSettings
}

/** The stack of `cdk deploy`: one chat, and outputs for its clients and its operators. */
export class ChatStack extends Stack {
  constructor(scope: Construct, id: string, { resources, ...props }: ChatStackProps) {
    super(scope, id, { description: 'Persistent chat rooms over WebSocket', ...props })
    // CDK leaves "Default" out of logical ids. Another id would rename every resource of the stacks that exist,
    // and CloudFormation would make new, empty tables.
    const chat = new PersistentChat(this, 'Default', { ...props, ...resources?.(this) })

    const outputs = {
      Url: chat.url,
      ...(chat.tokens.issuer !== undefined && { Issuer: chat.tokens.issuer }),
      ...(chat.userPool && { UserPoolId: chat.userPool.userPoolId, ClientId: audiencesOf(chat.tokens)[0] ?? '' }),
      ...(chat.pageUrl && { Page: chat.pageUrl }),
      ...(chat.domainName && { DomainTarget: chat.domainName.regionalDomainName }),
      UndeliveredQueue: chat.undeliveredQueue.queueUrl,
      DeliverFunction: chat.deliverFunction.functionName,
      ReviewFunction: chat.reviewFunction.functionName,
    }
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value })
  }
}
