import { limits } from '../../protocol/limits.ts'
import { isInForce, type SuspensionStore } from '../domain/people/suspensions.ts'
import type { Paging } from './cursor.ts'
import { suspensionFrame } from './encode.ts'
import { fitInFrame } from './page.ts'

const maxUsers = 100

/** Bytes for the other fields of the reply, the cursor included. */
const shellBytes = 2048

/** A page of the suspensions that are in force. */
export async function suspensionPage(suspensions: SuspensionStore, now: number, paging: Paging) {
  const after = String(paging.start ?? '')
  const listed = await suspensions.list(after, maxUsers)
  const fitting = fitInFrame(listed.map(suspensionFrame), limits.frameBytes - shellBytes, 'oldest')
  const page = listed.slice(0, fitting.length)
  const last = page.at(-1)
  const more = fitting.length < listed.length || listed.length === maxUsers
  return {
    users: page.filter((suspension) => isInForce(suspension, now)).map(suspensionFrame),
    ...(more && last && { cursor: paging.cursorAt(last.user) }),
  }
}
