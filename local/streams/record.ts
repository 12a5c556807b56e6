import { isDeepStrictEqual } from 'node:util'
import { entries, isObject, type Json, list, text } from '../json.ts'
import { region } from '../template/resources.ts'

/** What a write did to one item. */
export interface Change {
  key: Json
  before: Json | undefined
  after: Json | undefined
}

/** A record as the stream gives it; an event adds where it came from. */
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

/** Undefined for a write that changed nothing: a stream has no record of it. */
export function recordOf(
  { key, before, after }: Change,
  at: { id: string; sequence: string; ms: number; view: string },
): StreamRecord | undefined {
  if (before === undefined && after === undefined) return undefined
  if (before && after && isDeepStrictEqual(before, after)) return undefined
  const shown = (image: Json | undefined, name: string) =>
    image && (at.view === name || at.view === 'NEW_AND_OLD_IMAGES') ? image : undefined
  const [newImage, oldImage] = [shown(after, 'NEW_IMAGE'), shown(before, 'OLD_IMAGE')]
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

/** About what the attributes of an item take: their names and their values. */
const sizeOf = (item: Json | undefined): number =>
  entries(item).reduce((size, [name, value]) => size + Buffer.byteLength(name) + valueSize(value), 0)

function valueSize(value: unknown): number {
  const [[type, held] = ['', '']] = entries(value)
  if (type === 'N') return Math.ceil(text(held).length / 2) + 1
  if (type === 'M') return 3 + sizeOf(isObject(held) ? held : {})
  if (type === 'L') return 3 + list(held).reduce<number>((size, item) => size + valueSize(item), 0)
  if (Array.isArray(held)) return held.reduce<number>((size, item) => size + Buffer.byteLength(text(item)), 0)
  return typeof held === 'string' ? Buffer.byteLength(held) : 1
}
