import { isDeepStrictEqual } from 'node:util'
import { entries, isObject, type Json, list, text } from '../json.ts'
import { region } from '../template/resources.ts'

/** The change of one item by a write. */
export interface Change {
  key: Json
  before: Json | undefined
  after: Json | undefined
}

/** A record in the form in which DynamoDB Streams returns it. In an event it also names its stream. */
export interface StreamRecord {
  eventID: string
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE'
  eventVersion: '1.1'
  eventSource: 'aws:dynamodb'
  awsRegion: string
  dynamodb: {
    ApproximateCreationDateTime: number
    Keys: Json
    NewImage?: Json
    OldImage?: Json
    SequenceNumber: string
    SizeBytes: number
    StreamViewType: string
  }
}

/** The record of a change; undefined if the write changed nothing. */
export function recordOf(
  { key, before, after }: Change,
  at: { id: string; sequence: string; ms: number; view: string },
): StreamRecord | undefined {
  if (before === undefined && after === undefined) return undefined
  if (before && after && isDeepStrictEqual(before, after)) return undefined
  const imageFor = (image: Json | undefined, name: string) =>
    image && (at.view === name || at.view === 'NEW_AND_OLD_IMAGES') ? image : undefined
  const [newImage, oldImage] = [imageFor(after, 'NEW_IMAGE'), imageFor(before, 'OLD_IMAGE')]
  return {
    eventID: at.id,
    eventName: after ? (before ? 'MODIFY' : 'INSERT') : 'REMOVE',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(at.ms / 1000),
      Keys: key,
      ...(newImage && { NewImage: newImage }),
      ...(oldImage && { OldImage: oldImage }),
      SequenceNumber: at.sequence,
      SizeBytes: sizeOf(key) + sizeOf(newImage) + sizeOf(oldImage),
      StreamViewType: at.view,
    },
  }
}

/** The approximate size of an item: the names and values of its attributes. */
const sizeOf = (item: Json | undefined): number =>
  entries(item).reduce((size, [name, value]) => size + Buffer.byteLength(name) + valueSize(value), 0)

function valueSize(value: unknown): number {
  const [[type, content] = ['', '']] = entries(value)
  if (type === 'N') return Math.ceil(text(content).length / 2) + 1
  if (type === 'M') return 3 + sizeOf(isObject(content) ? content : {})
  if (type === 'L') return 3 + list(content).reduce<number>((size, item) => size + valueSize(item), 0)
  if (Array.isArray(content)) return content.reduce<number>((size, item) => size + Buffer.byteLength(text(item)), 0)
  return typeof content === 'string' ? Buffer.byteLength(content) : 1
}
