import { forEachConcurrent } from '../concurrency.ts'
import type { RecordEvent, RecordStore } from './record.ts'

/**
 * The most bytes that the lists of one line may have as JSON. A line then fits into one frame of a reply, and far into
 * an item of the database.
 */
const maxListBytes = 16 * 1024

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

/** Adds an event to the record before it happens, as several lines if it has long lists. */
export async function addToRecord(records: RecordStore, roomId: string, event: RecordEvent): Promise<void> {
  await forEachConcurrent(linesOf(event), (line) => records.add(roomId, line))
}

/**
 * The event as lines of bounded size. Each has all details but the lists, a part of the lists, and if there are several
 * lines also `part` and `parts`.
 */
export function linesOf(event: RecordEvent): RecordEvent[] {
  const details = Object.entries(event.details ?? {})
  const lists = details.filter((detail): detail is [string, unknown[]] => Array.isArray(detail[1]))
  const parts = partsOf(lists.flatMap(([name, items]) => items.map((item) => ({ name, item }))))
  if (parts.length < 2) return [event]
  const others = Object.fromEntries(details.filter(([, value]) => !Array.isArray(value)))
  return parts.map((part, at) => {
    const names = lists.map(([name]) => name).filter((name) => part.some((each) => each.name === name))
    const ofPart = (name: string) => part.filter((each) => each.name === name).map(({ item }) => item)
    const ownLists = Object.fromEntries(names.map((name) => [name, ofPart(name)]))
    return { ...event, details: { ...others, ...ownLists, part: at + 1, parts: parts.length } }
  })
}

function partsOf<Item>(items: readonly Item[]): Item[][] {
  const parts: Item[][] = []
  let left = 0
  for (const item of items) {
    const bytes = bytesOf(item) + 1
    if (parts.length === 0 || bytes > left) {
      parts.push([])
      left = maxListBytes
    }
    parts.at(-1)?.push(item)
    left -= bytes
  }
  return parts
}
