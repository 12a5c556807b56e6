import { ApiGatewayManagementApi } from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { Lambda } from '@aws-sdk/client-lambda'
import { SQS } from '@aws-sdk/client-sqs'

const connections = new ApiGatewayManagementApi({ endpoint: process.env.CONNECTIONS_URL, maxAttempts: 1 })
const database = new DynamoDB({ maxAttempts: 1 })
const functions = new Lambda({ maxAttempts: 1 })
const queues = new SQS({ maxAttempts: 1 })
const environment = crypto.randomUUID()
let invocations = 0

const answer = (value) => ({ statusCode: 200, body: JSON.stringify(value) })
const report = (label, value) => console.log(`${label} ${JSON.stringify(value)}`)

/** The status and the result of a call, or the status and the error. */
const outcome = (running) =>
  running.then(
    ({ $metadata, ...result }) => ({ status: $metadata.httpStatusCode, ...result }),
    (error) => ({ status: error.$metadata?.httpStatusCode, error: error.name, message: error.message }),
  )

export async function authorize(event) {
  report('authorizer', event)
  const { auth } = event.queryStringParameters
  if (auth === 'unauthorized') throw new Error('Unauthorized')
  if (auth === 'throw') throw new Error('authorizer failed')
  if (auth === 'shapeless') return { yes: true }
  const resource = auth === 'elsewhere' ? event.methodArn.replace('$connect', 'other') : event.methodArn
  return {
    principalId: 'someone',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: auth === 'deny' ? 'Deny' : 'Allow', Resource: resource }],
    },
    context: { name: 'Someone', number: 7, flag: true, ...(auth === 'nested' && { nested: {} }) },
  }
}

export async function connect(event) {
  report('connect', event)
  const { status, protocol, self } = event.queryStringParameters ?? {}
  if (status === 'throw') throw new Error('refused')
  if (status === 'shapeless') return { yes: true }
  if (self) {
    const { connectionId } = event.requestContext
    report('self', await outcome(connections.postToConnection({ ConnectionId: connectionId, Data: 'hello' })))
  }
  return {
    statusCode: Number(status ?? 200),
    body: status ? 'as the function says' : undefined,
    headers: { 'X-Other': 'never seen', ...(protocol && { 'sec-websocket-protocol': protocol }) },
  }
}

export const disconnect = async (event) => {
  report('disconnect', event)
  return { statusCode: 200 }
}

const verbs = {
  event: (_, event) => answer(event),
  environment: (_body, _event, context) =>
    answer({ environment, invocations: ++invocations, variables: process.env, context }),
  throw: () => {
    throw new TypeError('not today')
  },
  shapeless: () => ({ unknown: true }),
  hang: () => {
    report('hanging', {})
    return new Promise(() => {})
  },
  exit: () => process.exit(3),
  write: ({ count, exits }) => {
    for (let at = 1; at <= count; at++) process.stdout.write(`{"written":${at}}\n`)
    process.stdout.write('{"written":')
    process.stdout.write('"end"}')
    if (exits) process.exit(3)
    process.stdout.write('\n')
    return answer({})
  },
  hold: ({ megabytes }) => {
    const held = Array.from({ length: megabytes * 128 }, () => Array(1024).fill(0))
    return answer({ environment, blocks: held.length })
  },
  until: async ({ pk }) => {
    report('waiting', {})
    const Key = { pk: { S: pk } }
    while (!(await database.getItem({ TableName: 'things', Key })).Item);
    return answer({ environment })
  },
  empty: () => ({ statusCode: 200 }),
  base64: () => ({ statusCode: 200, body: Buffer.from('plain').toString('base64'), isBase64Encoded: true }),
  huge: () => ({ statusCode: 200, body: 'x'.repeat(128 * 1024 + 1) }),
  slow: async ({ ms }) => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    return answer({ environment })
  },
  post: async ({ to, data, size }, event) =>
    answer(
      await outcome(
        connections.postToConnection({
          ConnectionId: to ?? event.requestContext.connectionId,
          Data: data ?? 'x'.repeat(size),
        }),
      ),
    ),
  look: async ({ to }, event) =>
    answer(await outcome(connections.getConnection({ ConnectionId: to ?? event.requestContext.connectionId }))),
  close: async ({ to }) => answer(await outcome(connections.deleteConnection({ ConnectionId: to }))),
  database: async ({ operation, input }) => answer(await outcome(database[operation](input))),
  invoke: async ({ input }) =>
    answer(await outcome(functions.invoke({ ...input, Payload: JSON.stringify(input.Payload) }))),
  queue: async ({ operation, input }) => answer(await outcome(queues[operation](input))),
  calls: async ({ count }) => {
    for (let done = 0; done < count; done++)
      await database.putItem({ TableName: 'things', Item: { pk: { S: `call ${done}` } } })
    return answer({ count })
  },
}

export async function message(event, context) {
  const body = JSON.parse(event.body)
  return verbs[body.verb](body, event, context)
}

/** The function `Poor` runs this with a role without permissions. */
export const poor = message

const sequenceOf = ({ dynamodb }) => dynamodb.SequenceNumber

/** Consumes a batch in the way that the attribute `act` of its records demands. */
export async function consume(event) {
  const acts = event.Records.map(({ dynamodb }) => dynamodb.NewImage?.act?.S)
  report('batch', { names: event.Records.map(({ dynamodb }) => dynamodb.Keys.sk.S), event })
  if (acts.includes('throw')) throw new Error('unable')
  if (acts.includes('hang')) return new Promise(() => {})
  if (acts.includes('nonsense')) return { batchItemFailures: [{ itemIdentifier: 'nothing' }] }
  const failed = event.Records.filter((_, at) => acts[at] === 'fail')
  return { batchItemFailures: failed.map((record) => ({ itemIdentifier: sequenceOf(record) })) }
}

/** Handles an asynchronous invocation. */
export async function work(event, context) {
  report('work', { event, requestId: context.awsRequestId })
  if (event.act === 'throw') throw new Error('unable')
  if (event.act === 'hang') return new Promise(() => {})
  return { done: event }
}
