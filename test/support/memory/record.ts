import {
  administration,
  type RecordEvent,
  type RecordLine,
  type RecordStore,
  recordAbout,
} from '../../../lambdas/domain/record/record.ts'

/** The compliance record of every room in memory. */
export class MemoryRecord implements RecordStore {
  readonly #rooms = new Map<string, RecordLine[]>()
  #count = 0

  async add(roomId: string, recorded: RecordEvent): Promise<void> {
    const lines = this.#rooms.get(roomId) ?? []
    this.#rooms.set(roomId, lines)
    const place = `${String(recorded.at).padStart(16, '0')}#${String(++this.#count).padStart(9, '0')}`
    lines.push(structuredClone({ ...recorded, place }))
  }

  async addAll(roomId: string, lines: readonly RecordEvent[]): Promise<void> {
    for (const line of lines) await this.add(roomId, line)
  }

  async addAdministrative(recorded: RecordEvent, about?: string): Promise<void> {
    await this.add(administration, recorded)
    if (about !== undefined) await this.add(recordAbout(about), recorded)
  }

  async read(
    roomId: string,
    { from, to }: { from: number; to: number },
    behind: string,
    most: number,
  ): Promise<RecordLine[]> {
    return (this.#rooms.get(roomId) ?? [])
      .filter(({ at, place }) => at >= from && at <= to && place > behind)
      .sort((a, b) => (a.place < b.place ? -1 : 1))
      .slice(0, most)
      .map((line) => structuredClone(line))
  }
}
