import { append } from '../../lambdas/domain/log/append.ts'
import type { Entry } from '../../lambdas/domain/log/entry.ts'
import type { AppendLog } from '../../lambdas/domain/log/log.ts'
import type { Call, PlantedFault } from './room.ts'

const run = (
  { log, clock, draft, admitted, allowance }: Call,
  changed: Partial<Pick<Call, 'log' | 'draft' | 'admitted'>> = {},
) =>
  append(changed.log ?? log, clock, 'room', changed.draft ?? draft, {
    admit: changed.admitted ?? admitted,
    limits: allowance,
  })

function logWith(log: AppendLog, changed: Partial<AppendLog>): AppendLog {
  return {
    read: (roomId, from, limit) => log.read(roomId, from, limit),
    head: (roomId) => log.head(roomId),
    put: (roomId, entry) => log.put(roomId, entry),
    floor: (roomId) => log.floor(roomId),
    digest: (body) => log.digest(body),
    ...changed,
  }
}

/** Plausible mistakes in an append or its clients; the checker must find each. */
export const PLANTED_FAULTS: PlantedFault[] = [
  {
    name: 'a first attempt that does not look for an earlier copy',
    breaks: 'uniqueness',
    append: async (call) => {
      const { log, draft, attempt } = call
      if (attempt > 1 || draft.clientMessageId === undefined) return run(call)
      const head = await log.head('room')
      return run(call, { draft: { ...draft, after: head?.seq ?? 0 } })
    },
  },
  {
    name: 'a counter that is increased before the put',
    breaks: 'density',
    append: async ({ room, wire, log, clock, draft, admitted }) => {
      await admitted()
      const seq = await wire.call(() => ++room.table.counter)
      const digest = log.digest(draft.body)
      const { author: from, clientMessageId, body } = draft
      const entry = { seq, sentAt: clock.now(), from, ...(clientMessageId && { clientMessageId }), digest, body }
      await log.put('room', entry)
      return { entry, duplicate: false }
    },
  },
  {
    name: 'a put that overwrites',
    breaks: 'durability',
    append: (call) => {
      const { room, wire } = call
      const put = async (_roomId: string, entry: Entry) => {
        await wire.call(() => room.table.overwrite(entry, room.nextToken(), room.time.now), true)
        return 'stored' as const
      }
      return run(call, { log: logWith(call.log, { put }) })
    },
  },
  {
    name: 'an unchecked after',
    breaks: 'density',
    append: (call) => {
      const read = async (roomId: string, from: number, limit: number): Promise<Entry[]> => {
        const page = await call.log.read(roomId, from, limit)
        return page.length > 0 ? page : [{ seq: from, sentAt: 0 }]
      }
      return run(call, { log: logWith(call.log, { read }) })
    },
  },
  {
    name: 'ids shared by all authors',
    breaks: 'durability',
    append: (call) => {
      const { author, clientMessageId, body } = call.draft
      const digest = call.log.digest(body)
      const claim = (entry: Entry) =>
        clientMessageId && entry.clientMessageId === clientMessageId ? { ...entry, from: author, digest } : entry
      const read = async (roomId: string, from: number, limit: number) =>
        (await call.log.read(roomId, from, limit)).map(claim)
      return run(call, { log: logWith(call.log, { read }) })
    },
  },
  {
    name: 'an acknowledgement before the put',
    breaks: 'durability',
    append: (call) => {
      const put = async (roomId: string, entry: Entry) => {
        call.log.put(roomId, entry).catch(() => undefined)
        return 'stored' as const
      }
      return run(call, { log: logWith(call.log, { put }) })
    },
  },
  {
    name: 'times taken from the clock alone',
    breaks: 'forward time',
    append: (call) => {
      const { log, clock } = call
      return run(call, {
        log: logWith(log, { put: (roomId, entry) => log.put(roomId, { ...entry, sentAt: clock.now() }) }),
      })
    },
  },
  { name: 'a newest entry that expires', breaks: 'durability', expiresHead: true },
  { name: 'a retry with a later after', breaks: 'uniqueness', movesAfter: true },
  {
    name: 'a loop that does not look at the entry that took its position',
    breaks: 'uniqueness',
    append: (call) => {
      const put = async (roomId: string, entry: Entry) => {
        const answer = await call.log.put(roomId, entry)
        return answer === 'stored' ? answer : { seq: answer.seq, sentAt: answer.sentAt }
      }
      return run(call, { log: logWith(call.log, { put }) })
    },
  },
  {
    name: 'a loop that forgets the rate use of the entry that took its position',
    breaks: 'rate',
    append: (call) => {
      const put = async (roomId: string, entry: Entry) => {
        const answer = await call.log.put(roomId, entry)
        if (answer === 'stored') return answer
        const { spent: _, ...forgetful } = answer
        return forgetful
      }
      return run(call, { log: logWith(call.log, { put }) })
    },
  },
  {
    name: 'a store that does not recognise a resent put',
    breaks: 'uniqueness',
    append: (call) => {
      call.wire.recognisesResend = false
      return run(call)
    },
  },
  {
    name: 'a put that does not wait for the admission',
    breaks: 'admission',
    append: (call) =>
      run(call, {
        admitted: async () => {
          call.admitted().catch(() => undefined)
        },
      }),
  },
  { name: 'a resync without reading', breaks: 'uniqueness', resyncsBlindly: true },
  { name: 'retention that moves the floor last', breaks: 'no alarm', movesFloorLast: true },
  {
    name: 'a condition that is checked once',
    breaks: 'condition',
    append: async (call) => {
      const { ifHead, ...draft } = call.draft
      const head = await call.log.head('room')
      return run(call, ifHead === head?.seq ? { draft } : {})
    },
  },
  {
    name: 'a loop that skips entries after a lost put',
    breaks: 'uniqueness',
    append: (call) => {
      let losses = 0
      const put = async (roomId: string, entry: Entry) => {
        const answer = await call.log.put(roomId, entry)
        if (answer === 'stored' || losses++ > 0) return answer
        return (await call.log.head(roomId)) ?? answer
      }
      return run(call, { log: logWith(call.log, { put }) })
    },
  },
]
