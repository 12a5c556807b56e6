import { type FileHandle, open } from 'node:fs/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { Failure, reasonOf } from '../command/failure.ts'
import type { Output } from '../command/output.ts'
import { type DumpState, dumpFile, itemsFile, readState, tallyIn, writeState } from '../tables/files.ts'
import { type Item, isSame, itemIn, lineOf, noItems, type Tally, tallyOf, together } from '../tables/item.ts'
import type { Kind } from '../tables/kept.ts'
import type { Rate } from '../tables/rate.ts'
import { pagesOf } from '../tables/scan.ts'

export interface Dumping {
  database: Pick<DynamoDBClient, 'send'>
  folder: string
  segments: number
  rate: Rate
  output: Output
  /** The time of the run, ISO 8601. */
  startedAt: string
}

/** Items after which the progress is told. */
const progressEvery = 10_000

/** Writes a table to its file, from where an interrupted dump has stopped. Returns what the file holds. */
export async function dumpTable(kind: Kind, table: string, dumping: Dumping): Promise<Tally> {
  const { folder, output } = dumping
  const state = (await readState<DumpState>(dumpFile(folder, kind))) ?? newState(table, dumping)
  if (state.table !== table)
    throw new Failure(`"${folder}" holds a dump of the table "${state.table}": choose another folder for "${table}".`)
  if (!state.done) {
    if (state.tally.items > 0) output.note(`${kind}: going on behind ${state.tally.items} items`)
    await write(kind, state, dumping)
  }
  const found = await tallyIn(itemsFile(folder, kind))
  if (!isSame(found, state.tally))
    throw new Failure(
      `"${itemsFile(folder, kind)}" has ${found.items} items with the checksum ${found.checksum}; ${state.tally.items} with ${state.tally.checksum} were written: begin again in another folder.`,
      'damaged',
    )
  if (!state.done) await writeState(dumpFile(folder, kind), { ...state, done: true })
  return found
}

const newState = (table: string, { segments, startedAt }: Dumping): DumpState => ({
  version: 1,
  table,
  startedAt,
  bytes: 0,
  segments: Array.from({ length: segments }, () => ({ done: false })),
  tally: noItems,
  done: false,
})

async function write(kind: Kind, state: DumpState, dumping: Dumping): Promise<void> {
  const file = await openAt(itemsFile(dumping.folder, kind), state)
  try {
    // The segments are read side by side and written one page after the other.
    let written = Promise.resolve()
    const append = (items: Item[], number: number, next: Item | undefined): Promise<void> => {
      written = written.then(() => appendPage(kind, file, state, dumping, { items, number, next }))
      return written
    }
    await Promise.all(
      state.segments.map(async (segment, number) => {
        if (segment.done) return
        const from = segment.next === undefined ? undefined : itemIn(segment.next)
        const part = { number, of: state.segments.length }
        for await (const page of pagesOf(dumping.database, state.table, part, dumping.rate, from))
          await append(page.items, number, page.next)
      }),
    )
  } finally {
    await file.close()
  }
}

/** The files hold every message of every room. */
const ownerOnly = 0o600

/** Without a state there must be no file, whose content nobody would miss until it is needed. */
async function openAt(path: string, { bytes, segments }: DumpState): Promise<FileHandle> {
  const isNew = segments.every(({ next, done }) => next === undefined && !done)
  try {
    const file = await open(path, isNew ? 'wx' : 'r+', ownerOnly)
    if ((await file.stat()).size < bytes) {
      await file.close()
      throw new Error('it is shorter than it was')
    }
    await file.truncate(bytes)
    return file
  } catch (error) {
    throw new Failure(`"${path}" cannot be written: ${reasonOf(error)}. Choose another folder by --out.`)
  }
}

interface WrittenPage {
  items: Item[]
  number: number
  next: Item | undefined
}

async function appendPage(
  kind: Kind,
  file: FileHandle,
  state: DumpState,
  { folder, output }: Dumping,
  { items, number, next }: WrittenPage,
): Promise<void> {
  const lines = items.map(lineOf)
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  await file.write(bytes, 0, bytes.length, state.bytes)
  await file.datasync()
  const before = state.tally.items
  state.bytes += bytes.length
  state.tally = together(state.tally, tallyOf(lines))
  state.segments[number] = next === undefined ? { done: true } : { next: lineOf(next), done: false }
  await writeState(dumpFile(folder, kind), state)
  if (Math.floor(before / progressEvery) < Math.floor(state.tally.items / progressEvery))
    output.note(`${kind}: ${state.tally.items} items`)
}
