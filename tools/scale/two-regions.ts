import { Refusal } from '../../lambdas/domain/errors.ts'
import { append } from '../../lambdas/domain/log/append.ts'
import { sequence } from '../load/chance.ts'
import { type Distances, type Mode, replicasIn } from './tables.ts'
import { VirtualTime } from './virtual-time.ts'

export interface Talk {
  /** Messages in each Region. */
  messages: number
  /** Messages a second in each Region. */
  rate: number
  seed: number
  distances: Distances
}

export interface Outcome {
  mode: Mode
  /** Messages whose authors were told that they are stored. */
  acknowledged: number
  /** Of these, those that no Region has in the end: something else stands at their position. */
  lost: number
  /** Messages whose authors were told to try again. */
  refused: number
  conflicts: number
  /** Milliseconds of an append: half of all, and 99 of 100, took no longer. */
  half: number
  most: number
}

/** Authors in two Regions talk in one room, by the rules of the functions. */
export async function talk(mode: Mode, { messages, rate, seed, distances }: Talk): Promise<Outcome> {
  const time = new VirtualTime(sequence(seed))
  const replicas = replicasIn[mode](time, distances)
  const acknowledged: { id: string; seq: number }[] = []
  const times: number[] = []
  let refused = 0
  const say = async (region: number, number: number) => {
    await time.sleep(time.random() * (messages / rate) * 1000)
    const id = `${region} ${number}`
    const draft = { author: { user: id, name: id }, body: { text: id }, clientMessageId: id }
    const startedAt = time.now()
    try {
      const { entry } = await append(replicas.logIn(region), time, 'room', draft, { admit: async () => undefined })
      acknowledged.push({ id, seq: entry.seq })
      times.push(time.now() - startedAt)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused++
    }
  }
  const all = [0, 1].flatMap((region) => Array.from({ length: messages }, (_, number) => say(region, number)))
  await Promise.all([time.run(), ...all])
  const final = replicas.final()
  const lost = acknowledged.filter(({ id, seq }) => final.get(seq)?.clientMessageId !== id).length
  times.sort((one, other) => one - other)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  const { conflicts } = replicas
  return { mode, acknowledged: acknowledged.length, lost, refused, conflicts, half: at(0.5), most: at(0.99) }
}
