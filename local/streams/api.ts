import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { awsError, type HttpResponse, success } from '../http-response.ts'
import { type Call, operationOf, targets } from '../iam/calls.ts'
import { type Json, object, parse, text } from '../json.ts'
import type { Stream } from './stream.ts'

type Operation = (stream: Stream, input: Json) => HttpResponse

const maxRecords = 1000

/** Serves DynamoDB Streams. Each stream has one shard. */
export function streamApi(streams: Stream[]) {
  const byArn = (arn: string) => streams.find((stream) => stream.arn === arn)
  return {
    takes: targets('DynamoDBStreams_20120810'),
    api(request: IncomingMessage, body: Buffer): Call | undefined {
      const name = operationOf(request)
      const input = object(parse(body.toString()))
      if (name === 'ListStreams') {
        return { action: 'dynamodb:ListStreams', resource: '*', run: () => listed(streams, input) }
      }
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
      if (!operation) return undefined
      const position = object(parse(Buffer.from(text(input.ShardIterator), 'base64').toString()))
      const stream = byArn(text(input.StreamArn ?? position.stream))
      return {
        action: `dynamodb:${name}`,
        resource: stream?.arn ?? '*',
        run: () => (stream ? operation(stream, { ...input, after: position.after }) : noStream),
      }
    },
  }
}

const noStream = awsError(400, 'ResourceNotFoundException', 'Requested resource not found: Stream not found')

const described = ({ arn, table }: Stream) => ({
  StreamArn: arn,
  StreamLabel: arn.slice(arn.lastIndexOf('/') + 1),
  TableName: table,
})

const listed = (streams: Stream[], { TableName }: Json) =>
  success({ Streams: streams.filter(({ table }) => !TableName || table === TableName).map(described) })

const operations: Record<string, Operation> = {
  DescribeStream: (stream) =>
    success({
      StreamDescription: {
        ...described(stream),
        StreamStatus: 'ENABLED',
        StreamViewType: stream.view,
        KeySchema: stream.keyNames.map((name, at) => ({ AttributeName: name, KeyType: at === 0 ? 'HASH' : 'RANGE' })),
        Shards: [{ ShardId: stream.shard, SequenceNumberRange: { StartingSequenceNumber: stream.start } }],
      },
    }),
  GetShardIterator: (stream, { ShardId, ShardIteratorType, SequenceNumber }) => {
    if (ShardId !== stream.shard) return awsError(400, 'ResourceNotFoundException', 'Shard not found')
    const stored = stream.records()
    const number = text(SequenceNumber)
    const trimmed = number !== '' && number > stream.start && number < (stored[0]?.sequence ?? number)
    switch (ShardIteratorType) {
      case 'TRIM_HORIZON':
        return iterator(stream, stream.start)
      case 'LATEST':
        return iterator(stream, stored.at(-1)?.sequence ?? stream.start)
      case 'AFTER_SEQUENCE_NUMBER':
      case 'AT_SEQUENCE_NUMBER': {
        if (trimmed) return awsError(400, 'TrimmedDataAccessException', 'The record is not kept any more')
        const before = stored.findLast(({ sequence }) => sequence < number)?.sequence ?? stream.start
        return iterator(stream, ShardIteratorType === 'AT_SEQUENCE_NUMBER' ? before : number)
      }
    }
    return awsError(400, 'ValidationException', `There is no iterator type ${ShardIteratorType}`)
  },
  GetRecords: (stream, { after, Limit }) => {
    if (!text(after)) return awsError(400, 'ValidationException', 'Invalid ShardIterator')
    const following = stream.records().filter(({ sequence }) => sequence > text(after))
    const page = following.slice(0, Math.min(Number(Limit ?? maxRecords), maxRecords))
    return success({
      Records: page.map(({ record }) => record),
      NextShardIterator: encoded(stream, page.at(-1)?.sequence ?? text(after)),
    })
  },
}

const iterator = (stream: Stream, after: string) => success({ ShardIterator: encoded(stream, after) })

/** A shard iterator. The id makes two iterators at the same position differ, as on AWS. */
const encoded = ({ arn }: Stream, after: string) =>
  Buffer.from(JSON.stringify({ stream: arn, after, id: randomUUID() })).toString('base64')
