import { pushDescriptions, verbs } from './descriptions.ts'
import { at } from './json-schema.ts'
import { pushName, replyName, requestName, schemas } from './schemas.ts'

const channel = { $ref: '#/channels/chat' }
const inChannel = (message: string) => ({ $ref: `#/channels/chat/messages/${message}` })
const inComponents = (message: string) => ({ $ref: `#/components/messages/${message}` })

const correlationId = { location: '$message.payload#/id', description: 'A reply carries the id of its request.' }

function messages(): Record<string, object> {
  const requestsAndReplies = Object.entries(verbs).flatMap(([verb, summary]) => [
    [requestName(verb), { name: verb, summary, correlationId, payload: at(requestName(verb)) }],
    [
      replyName(verb),
      { name: `${verb} reply`, summary: `\`${verb}\` succeeded.`, correlationId, payload: at(replyName(verb)) },
    ],
  ])
  const pushed = Object.entries(pushDescriptions).map(([type, summary]) => [
    pushName(type),
    { name: type, summary, payload: at(pushName(type)) },
  ])
  return {
    ...Object.fromEntries(requestsAndReplies),
    Refusal: { name: 'refusal', summary: 'A request was not carried out.', correlationId, payload: at('Refusal') },
    ...Object.fromEntries(pushed),
    GatewayFrame: {
      name: 'gateway frame',
      summary: 'API Gateway speaks: what became of the oldest unanswered request is unknown. Ask it again.',
      payload: at('GatewayFrame'),
    },
  }
}

const requestAndReply = ([verb, summary]: [string, string]) => [
  verb,
  {
    action: 'receive',
    summary,
    channel,
    messages: [inChannel(requestName(verb))],
    reply: { channel, messages: [inChannel(replyName(verb)), inChannel('Refusal')] },
  },
]

const push = ([type, summary]: [string, string]) => [
  `push${pushName(type).replace(/Push$/, '')}`,
  { action: 'send', summary, channel, messages: [inChannel(pushName(type))] },
]

const gateway = {
  action: 'send',
  summary: 'API Gateway speaks on its own.',
  channel,
  messages: [inChannel('GatewayFrame')],
}

const security = ['subprotocol', 'header', 'query'].map((name) => ({ $ref: `#/components/securitySchemes/${name}` }))

const description = `One JSON object to a text frame, in UTF-8, of at most 32 KiB. \`action\` names the verb of a request;
a request with an \`id\` gets exactly one reply with it, and replies may overtake each other. Whatever has a \`type\` is a push.
Fields and types that are not listed here are to be ignored, in both directions; an optional field without a value is left out, never null.
A client applies a message whose \`seq\` is the last one plus one, drops it if it is not greater than the last, and else asks
\`history\` with \`after\` the last. An entry that has neither \`from\` nor a \`removes\` that is not empty is of a kind that it does not know:
it moves its position and is otherwise ignored.`

/** The contract as AsyncAPI 3.0, from the view of the server: it receives requests and sends pushes. */
export function asyncApi() {
  const components = messages()
  return {
    asyncapi: '3.0.0',
    info: { title: 'Persistent Chat', version: '1.1.0', description, license: { name: 'MIT' } },
    defaultContentType: 'application/json',
    servers: {
      deployment: {
        host: '{api}.execute-api.{region}.amazonaws.com',
        pathname: '/chat',
        protocol: 'wss',
        variables: { api: { description: '`cdk deploy` prints it.' }, region: { default: 'us-east-1' } },
        security,
      },
      local: {
        host: '127.0.0.1:{port}',
        pathname: '/chat',
        protocol: 'ws',
        variables: { port: { description: '`npm start` prints it.' } },
        security,
      },
    },
    channels: {
      chat: {
        address: '/',
        description: 'The one connection, on which everything is said.',
        messages: Object.fromEntries(Object.keys(components).map((name) => [name, inComponents(name)])),
      },
    },
    operations: {
      ...Object.fromEntries(Object.entries(verbs).map(requestAndReply)),
      ...Object.fromEntries(Object.entries(pushDescriptions).map(push)),
      pushGatewayFrame: gateway,
    },
    components: {
      messages: components,
      securitySchemes: {
        subprotocol: {
          type: 'httpApiKey',
          in: 'header',
          name: 'Sec-WebSocket-Protocol',
          description: 'Offer `chat.v1` and `bearer.<jwt>`; the answer is `chat.v1`. The one way that a browser has.',
        },
        header: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        query: { type: 'httpApiKey', in: 'query', name: 'token', description: 'For tools used by hand.' },
      },
      schemas: schemas(),
    },
  }
}
