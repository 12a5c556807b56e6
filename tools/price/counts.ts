import { readFileSync } from 'node:fs'

/** The fixed part of the use of one call. Rosters, pages, texts and pushes are added to it. */
export interface Use {
  readUnits: number
  writeUnits: number
  /** Bytes of the request and of the reply, without texts of messages. */
  requestBytes: number
  replyBytes: number
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

/** `sessionEnd` is the part that each session adds to the end of its connection. */
export type Verb = (typeof verbs)[number]

/** Counted on a local run by `UPDATE_COUNTS=1 npx jest test/tools/measured`; the same test compares it with the code. */
export interface Counts {
  date: string
  verbs: Record<Verb, Use>
  /** Bytes of a session in the roster. */
  sessionBytes: number
  /** Bytes of a message in the log, without its text. */
  entryBytes: number
  /** Bytes of a pushed message without its text, of a participant in the reply to `join`, and of a pushed participant event. */
  messageBytes: number
  participantBytes: number
  participantEventBytes: number
  /** Read units that each room adds to `sync`, and each group of a user to `join`. */
  syncedRoom: number
  joinedGroup: number
}

export const countsFile = new URL('counts.json', import.meta.url)

export const readCounts = (): Counts => JSON.parse(readFileSync(countsFile, 'utf8'))
