import { forEachConcurrent } from '../../lambdas/domain/concurrency.ts'

const items = (count: number) => Array.from({ length: count }, (_, at) => at)
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('concurrent tasks', () => {
  it('run for every item even if some fail, and then the first error is thrown', async () => {
    const done: number[] = []
    const working = forEachConcurrent(items(200), async (item) => {
      await turn()
      if (item % 10 === 3) throw new Error(`${item}`)
      done.push(item)
    })
    await expect(working).rejects.toThrow('3')
    expect(done).toEqual(items(200).filter((item) => item % 10 !== 3))
  })

  it('stop after each worker has had a failure', async () => {
    const started: number[] = []
    const working = forEachConcurrent(items(200), async (item) => {
      started.push(item)
      throw new Error(`${item}`)
    })
    await expect(working).rejects.toThrow('0')
    expect(started).toEqual(items(50))
  })

  it('continue while some hang, up to 200 pending ones', async () => {
    const started: number[] = []
    const ends: (() => void)[] = []
    const task = (item: number) => {
      started.push(item)
      return new Promise<void>((resolve) => void ends.push(resolve))
    }
    // The wait for hanging tasks ends at once.
    const working = forEachConcurrent(items(300), task, { sleep: turn })
    for (let turns = 0; turns < 50; turns++) await turn()
    expect(started).toHaveLength(200)
    while (started.length < 300) {
      for (const end of ends.splice(0)) end()
      await turn()
    }
    for (const end of ends) end()
    await working
    expect(started).toEqual(items(300))
  })
})
