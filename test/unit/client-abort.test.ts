import { onAbort, throwIfAborted, unlessAborted } from '../../client/abort.ts'
import { Waiters } from '../../client/waiters.ts'

/** A signal that tells how many listen to it. */
function listenedTo() {
  const abort = new AbortController()
  const listeners = new Set<unknown>()
  const { signal } = abort
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
  signal.addEventListener = (type: string, listener: () => void) => {
    listeners.add(listener)
    add(type, listener)
  }
  signal.removeEventListener = (type: string, listener: () => void) => {
    listeners.delete(listener)
    remove(type, listener)
  }
  return { abort, signal, listeners }
}

describe('work for which a signal is heard', () => {
  it('runs with the reason, when it is aborted or at once', () => {
    const reasons: unknown[] = []
    const { abort, signal } = listenedTo()
    expect(onAbort(signal, (reason) => reasons.push(reason)).aborted).toBe(false)
    expect(reasons).toEqual([])
    abort.abort('enough')
    expect(reasons).toEqual(['enough'])
    expect(onAbort(signal, (reason) => reasons.push(reason)).aborted).toBe(true)
    expect(reasons).toEqual(['enough', 'enough'])
  })

  it('does not run once nobody listens, or without a signal', () => {
    const { abort, signal, listeners } = listenedTo()
    const { stop } = onAbort(signal, () => {
      throw new Error('Nobody listens.')
    })
    expect(listeners.size).toBe(1)
    stop()
    expect(listeners.size).toBe(0)
    abort.abort()
    const none = onAbort(undefined, () => undefined)
    expect(none.aborted).toBe(false)
    expect(none.stop()).toBeUndefined()
  })

  it('has a reason where the platform gives none', () => {
    const silent = { aborted: true, reason: undefined } as AbortSignal
    expect(() => throwIfAborted(silent)).toThrow(
      expect.objectContaining({ name: 'AbortError', message: 'This operation was aborted.' }),
    )
  })
})

describe('a result', () => {
  it('comes as it is without a signal, and with one that stays silent, which is not listened to any more then', async () => {
    const { signal, listeners } = listenedTo()
    expect(await unlessAborted(Promise.resolve(1), undefined)).toBe(1)
    expect(await unlessAborted(Promise.resolve(2), signal)).toBe(2)
    await expect(unlessAborted(Promise.reject(new Error('No.')), signal)).rejects.toThrow('No.')
    await new Promise((resolve) => setImmediate(resolve))
    expect(listeners.size).toBe(0)
  })

  it('does not come where the signal is first', async () => {
    const { abort, signal } = listenedTo()
    const waiting = unlessAborted(new Promise(() => undefined), signal)
    abort.abort('enough')
    await expect(waiting).rejects.toBe('enough')
    await expect(unlessAborted(Promise.resolve(1), signal)).rejects.toBe('enough')
    expect(() => throwIfAborted(signal)).toThrow('enough')
    expect(throwIfAborted(undefined)).toBeUndefined()
    expect(throwIfAborted(new AbortController().signal)).toBeUndefined()
  })
})

describe('those who wait', () => {
  it('all get what comes, or why nothing comes, and only those who waited then', async () => {
    const waiters = new Waiters<number>()
    const both = [waiters.wait(), waiters.wait()]
    waiters.resolve(7)
    expect(await Promise.all(both)).toEqual([7, 7])
    const third = waiters.wait()
    waiters.reject(new Error('Nothing comes.'))
    await expect(third).rejects.toThrow('Nothing comes.')
    waiters.resolve(8)
    const fourth = waiters.wait()
    waiters.resolve(9)
    expect(await fourth).toBe(9)
  })

  it('go when their signal says so, and leave no listener behind', async () => {
    const waiters = new Waiters<number>()
    const { abort, signal, listeners } = listenedTo()
    const [gone, stays] = [waiters.wait(signal), waiters.wait()]
    abort.abort('enough')
    await expect(gone).rejects.toBe('enough')
    await expect(waiters.wait(signal)).rejects.toBe('enough')
    waiters.resolve(1)
    expect(await stays).toBe(1)
    const other = listenedTo()
    const served = waiters.wait(other.signal)
    waiters.resolve(2)
    expect([await served, other.listeners.size]).toEqual([2, 0])
    expect(listeners.size).toBeLessThan(2)
  })
})
