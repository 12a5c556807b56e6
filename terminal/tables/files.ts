import { createReadStream } from 'node:fs'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure, reasonOf } from '../command/failure.ts'
import { itemIn, lineOf, noItems, type Tally, tallyOf, together } from './item.ts'
import type { Kind } from './kept.ts'

export const itemsFile = (folder: string, kind: Kind): string => join(folder, `${kind}.jsonl`)
export const dumpFile = (folder: string, kind: Kind): string => join(folder, `${kind}.dump.json`)
export const loadFile = (folder: string, kind: Kind): string => join(folder, `${kind}.load.json`)

/** How far a dump of one table is. Everything in it is on the disk before it is. */
export interface DumpState {
  version: 1
  table: string
  /** ISO 8601. */
  startedAt: string
  /** Bytes of the file that are valid; what follows them was not finished. */
  bytes: number
  /** `next` is the last key that was read, as an item line; undefined before the first page. */
  segments: { next?: string; done: boolean }[]
  tally: Tally
  done: boolean
}

/** How far a load of one table is. */
export interface LoadState {
  version: 1
  table: string
  /** The time at which that table was made: another one of this name is not the same. */
  createdAt: string
  /** The dump that is loaded. */
  checksum: string
  /** Bytes of the file whose items are stored. */
  bytes: number
}

/** The content of a file of one of these kinds; undefined if there is none. */
export async function readState<State extends { version: 1 }>(path: string): Promise<State | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new Failure(`"${path}" cannot be read: ${reasonOf(error)}.`)
  })
  if (text === undefined) return undefined
  const wrong = new Failure(`"${path}" was not written by this version of the command.`)
  let state: State
  try {
    state = JSON.parse(text)
  } catch {
    throw wrong
  }
  if (state?.version !== 1) throw wrong
  return state
}

/** Replaces a file in one step, so that a crash leaves the old content or the new one. */
export async function writeState(path: string, state: DumpState | LoadState): Promise<void> {
  const handle = await open(`${path}.new`, 'w', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(state, null, 2)}\n`)
    await handle.datasync()
  } finally {
    await handle.close()
  }
  await rename(`${path}.new`, path)
}

export interface Line {
  text: string
  /** Bytes of the file up to the end of this line. */
  end: number
}

const lineFeed = 10

/** The lines of a file from a byte on. Only a line feed ends a line: texts may hold every other line end. */
export async function* linesIn(path: string, start = 0): AsyncGenerator<Line> {
  let [rest, end] = [Buffer.alloc(0), start]
  for await (const chunk of createReadStream(path, { start })) {
    const bytes = Buffer.concat([rest, chunk])
    let from = 0
    for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, from)) {
      end += at + 1 - from
      yield { text: bytes.toString('utf8', from, at), end }
      from = at + 1
    }
    rest = bytes.subarray(from)
  }
  if (rest.length > 0) throw new Failure(`"${path}" ends in the middle of a line.`, 'damaged')
}

/** Lines to add up at a time. */
const some = 1000

/** What a file holds. Throws a Failure at a line that is no item as the dump writes them. */
export async function tallyIn(path: string): Promise<Tally> {
  let [sum, lines, number] = [noItems, [] as string[], 0]
  for await (const { text } of linesIn(path)) {
    number++
    try {
      if (lineOf(itemIn(text)) !== text) throw new Error('it is not written as the dump writes items')
    } catch (error) {
      throw new Failure(`"${path}" is damaged in line ${number}: ${reasonOf(error)}.`, 'damaged')
    }
    lines.push(text)
    if (lines.length < some) continue
    sum = together(sum, tallyOf(lines))
    lines = []
  }
  return together(sum, tallyOf(lines))
}
