/** Streams in the order of room ids. Ids are made here, of plain letters and digits, so every order of text is the same. */

interface Numbered {
  roomId: string
}

/** Many streams as one. The first items of all are fetched side by side. */
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

/** Each room once, with all marks of the same room. */
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

/** All items of a room together. */
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

/** A place behind one room and not behind the next that tells as little of the next as it can. */
export function idBetween(roomId: string, next: string): string {
  let length = 1
  while (length < next.length && next.slice(0, length) <= roomId) length++
  return next.slice(0, length)
}
