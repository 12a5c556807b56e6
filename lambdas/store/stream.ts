import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { logKey } from '../bindings.ts'
import type { Entry } from '../domain/log/entry.ts'
import type { StreamedEntry } from '../domain/sessions/delivery.ts'
import { toEntry } from './entries.ts'
import type { Item } from './table.ts'

type Attributes = Record<string, AttributeValue>

/** The fields of a stream event that the functions use. */
export interface StreamEvent {
  Records: { dynamodb?: { SequenceNumber?: string; Keys?: Attributes; NewImage?: Attributes } }[]
}

/** Other programs may write to the table, so every field is checked. */
export const entriesIn = ({ Records }: StreamEvent): StreamedEntry[] =>
  Records.map(({ dynamodb = {} }) => {
    const { SequenceNumber: sequenceNumber = '', Keys, NewImage } = dynamodb
    const { [logKey.partition]: roomId, [logKey.sort]: seq } = plain(Keys)
    const position = {
      ...(typeof roomId === 'string' && { roomId }),
      ...(typeof seq === 'number' && Number.isSafeInteger(seq) && seq > 0 && { seq }),
    }
    const readable = 'roomId' in position && 'seq' in position && isComplete(toEntry(plain(NewImage)))
    return { sequenceNumber, ...position, readable }
  })

const isComplete = ({ sentAt, body, removed, removes }: Entry): boolean =>
  Number.isSafeInteger(sentAt) &&
  (typeof body?.text === 'string' || typeof removed?.by === 'string' || Array.isArray(removes))

function plain(attributes: Attributes | undefined): Item {
  try {
    return unmarshall(attributes ?? {})
  } catch {
    return {}
  }
}
