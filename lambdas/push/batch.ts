import { limits } from '../../protocol/limits.ts'
import type { Push } from '../../protocol/wire.ts'
import type { Entry } from '../domain/log/entry.ts'
import { messageFrame } from '../replies/encode.ts'
import { bytesOf, fitInFrame } from '../replies/page.ts'

/** The frames in which messages of one room travel: alone, or as many together as a frame holds. */
export function batchedFrames(roomId: string, entries: readonly Entry[]): string[] {
  const shell = bytesOf({ type: 'messages', roomId, messages: [] } satisfies Push)
  const frames: string[] = []
  let rest = entries.map((entry) => messageFrame(roomId, entry))
  for (let [first] = rest; first; [first] = rest) {
    const together = fitInFrame(rest, limits.frameBytes - shell, 'oldest')
    const push: Push =
      together.length > 1 ? { type: 'messages', roomId, messages: together } : { type: 'message', ...first }
    frames.push(JSON.stringify(push))
    rest = rest.slice(Math.max(1, together.length))
  }
  return frames
}
