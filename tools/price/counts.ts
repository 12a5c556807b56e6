import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What one call of a verb uses, whatever is said and however many listen. Rosters, pages and pushes come on top. */
export interface Use {
  readUnits: number
  writeUnits: number
  /** Bytes of the frame that asks and of the one that answers, without any text of messages. */
  asked: number
  answered: number
}

export const verbs = [
  'connect',
  'hello',
  'invitations',
  'join',
  'send',
  'history',
  'sync',
  'ping',
  'leave',
  'disconnect',
  'sessionEnd',
] as const

/** `sessionEnd` is what each session adds to the end of its connection. */
export type Verb = (typeof verbs)[number]

/** Counted through a local run. Made by `UPDATE_COUNTS=1 npx jest test/tools`, which also holds it against the code. */
export interface Counts {
  date: string
  verbs: Record<Verb, Use>
  /** Bytes of a session in the roster. */
  sessionBytes: number
  /** Bytes of a message in the log, without its text. */
  entryBytes: number
  /** Bytes of a message on the wire, without its text; of a participant in the answer to `join`; of a coming or going. */
  messageBytes: number
  participantBytes: number
  attendanceBytes: number
  /** Read units that each room adds to `sync`, and each group of a user to `join`. */
  syncedRoom: number
  joinedGroup: number
}

export const countsFile = join('tools', 'price', 'counts.json')

export const readCounts = (): Counts => JSON.parse(readFileSync(countsFile, 'utf8'))
