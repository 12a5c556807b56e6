import { limits } from '../../protocol/limits.ts'
import type { Push } from '../../protocol/wire.ts'
import type { Entry } from '../domain/log/entry.ts'
import { messageFrame } from '../replies/encode.ts'
import { bytesOf, fitInFrame } from '../replies/page.ts'

/** The frames for messages of one room. Each frame holds as many messages as fit. */
export function batchedFrames(roomId: string, entries: readonly Entry[]): string[] {
  const shell = bytesOf({ type: 'messages', roomId, messages: [] } satisfies Push)
  const frames: string[] = []
  let rest = entries.map((entry) => messageFrame(roomId, entry))
  for (let [first] = rest; first; [first] = rest) {
    const batch = fitInFrame(rest, limits.frameBytes - shell, 'oldest')
    const push: Push = batch.length > 1 ? { type: 'messages', roomId, messages: batch } : { type: 'message', ...first }
    frames.push(JSON.stringify(push))
    rest = rest.slice(Math.max(1, batch.length))
  }
  return frames
}
