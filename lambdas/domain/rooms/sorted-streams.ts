/**
 * Streams that are sorted by room id. The server makes the ids from plain letters and digits, so all text orders agree.
 */

interface Numbered {
  roomId: string
}

/** Merges sorted streams. The first items of all streams are fetched in parallel. */
export async function* mergeById<Item extends Numbered>(sources: readonly AsyncIterable<Item>[]): AsyncGenerator<Item> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]())
  const first = await Promise.all(iterators.map(async (iterator) => ({ iterator, head: await iterator.next() })))
  let open = first.filter(({ head }) => !head.done)
  while (open.length > 0) {
    const next = open.reduce((least, other) => (other.head.value.roomId < least.head.value.roomId ? other : least))
    yield next.head.value
    next.head = await next.iterator.next()
    if (next.head.done) open = open.filter((other) => other !== next)
  }
}

export interface Matched<Item, Mark> {
  roomId: string
  item: Item
  marks: Mark[]
}

/** Joins two streams by room id. Each room comes once, with all its marks. */
export async function* joinById<Item extends Numbered, Mark extends Numbered>(
  items: AsyncIterable<Item>,
  marks: AsyncIterable<Mark>,
): AsyncGenerator<Matched<Item, Mark>> {
  const iterator = marks[Symbol.asyncIterator]()
  let mark = await iterator.next()
  let last: string | undefined
  for await (const item of items) {
    const { roomId } = item
    if (roomId === last) continue
    last = roomId
    const own: Mark[] = []
    while (!mark.done && mark.value.roomId <= roomId) {
      if (mark.value.roomId === roomId) own.push(mark.value)
      mark = await iterator.next()
    }
    yield { roomId, item, marks: own }
  }
}

/** Groups the items of each room. */
export async function* groupById<Item extends Numbered>(items: AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let group: Item[] = []
  for await (const item of items) {
    if (group[0] && group[0].roomId !== item.roomId) {
      yield group
      group = []
    }
    group.push(item)
  }
  if (group.length > 0) yield group
}

export async function* none<Item>(): AsyncGenerator<Item> {}

/**
 * The shortest prefix of `next` that is greater than `roomId`. As a cursor it reveals as little as possible about the
 * next room.
 */
export function idBetween(roomId: string, next: string): string {
  let length = 1
  while (length < next.length && next.slice(0, length) <= roomId) length++
  return next.slice(0, length)
}
