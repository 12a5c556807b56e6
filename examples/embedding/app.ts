import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { App, CfnOutput, Stack } from 'aws-cdk-lib/core'
import { PersistentChat } from 'persistent-chat'

const stack = new Stack(new App(), 'Chats')
const arn = 'arn:aws:acm:eu-west-1:111122223333:certificate/11111111-2222-3333-4444-555555555555'
const functions = { permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'developers') }
const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true })

// A chat at a domain of your own, with the page on which people talk.
const sales = new PersistentChat(stack, 'Sales', {
  domain: { name: 'chat.example.com', certificate: Certificate.fromCertificateArn(stack, 'Certificate', arn) },
  encryptionKey,
  functions,
  page: true,
})
new CfnOutput(stack, 'Address', { value: sales.url })

// Another one, back from a backup: the restored tables are named, and the new epoch tells clients.
const table = 'arn:aws:dynamodb:eu-west-1:111122223333:table/support-messages'
new PersistentChat(stack, 'Support', {
  tables: { rooms: 'support-rooms', messages: 'support-messages', messagesStream: `${table}/stream/2026-01-01` },
  epoch: '2',
  encryptionKey,
  functions,
})

// A program beside the chat may push frames, and somebody is told when a verb fails.
sales.grantPublish(new Role(stack, 'Robot', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }))
sales.metric('Internal').createAlarm(stack, 'Failures', { threshold: 1, evaluationPeriods: 1 })
