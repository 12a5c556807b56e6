import { forEachConcurrent } from '../../lambdas/domain/concurrency.ts'

const items = (count: number) => Array.from({ length: count }, (_, at) => at)
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('work in lanes', () => {
  it('reaches every item although some fail, and then throws what failed first', async () => {
    const done: number[] = []
    const working = forEachConcurrent(items(200), async (item) => {
      await turn()
      if (item % 10 === 3) throw new Error(`${item}`)
      done.push(item)
    })
    await expect(working).rejects.toThrow('3')
    expect(done).toEqual(items(200).filter((item) => item % 10 !== 3))
  })

  it('takes up nothing more once each lane has met a failure', async () => {
    const begun: number[] = []
    const working = forEachConcurrent(items(200), async (item) => {
      begun.push(item)
      throw new Error(`${item}`)
    })
    await expect(working).rejects.toThrow('0')
    expect(begun).toEqual(items(50))
  })

  it('goes on behind those that hang, until 200 are under way: then it waits for them', async () => {
    const begun: number[] = []
    const ends: (() => void)[] = []
    const task = (item: number) => {
      begun.push(item)
      return new Promise<void>((resolve) => void ends.push(resolve))
    }
    // Patience ends at once, as often as it is asked for.
    const working = forEachConcurrent(items(300), task, { sleep: turn })
    for (let turns = 0; turns < 50; turns++) await turn()
    expect(begun).toHaveLength(200)
    while (begun.length < 300) {
      for (const end of ends.splice(0)) end()
      await turn()
    }
    for (const end of ends) end()
    await working
    expect(begun).toEqual(items(300))
  })
})
