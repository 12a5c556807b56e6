import { onAbort, throwIfAborted, unlessAborted } from '../../client/abort.ts'
import { Waiters } from '../../client/waiters.ts'

/** A signal that counts its listeners. */
function countedSignal() {
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

describe('a listener for an abort', () => {
  it('runs with the reason on the abort, or at once if the signal is aborted already', () => {
    const reasons: unknown[] = []
    const { abort, signal } = countedSignal()
    expect(onAbort(signal, (reason) => reasons.push(reason)).aborted).toBe(false)
    expect(reasons).toEqual([])
    abort.abort('enough')
    expect(reasons).toEqual(['enough'])
    expect(onAbort(signal, (reason) => reasons.push(reason)).aborted).toBe(true)
    expect(reasons).toEqual(['enough', 'enough'])
  })

  it('does not run after it was stopped, or without a signal', () => {
    const { abort, signal, listeners } = countedSignal()
    const { stop } = onAbort(signal, () => {
      throw new Error('The listener was stopped.')
    })
    expect(listeners.size).toBe(1)
    stop()
    expect(listeners.size).toBe(0)
    abort.abort()
    const none = onAbort(undefined, () => undefined)
    expect(none.aborted).toBe(false)
    expect(none.stop()).toBeUndefined()
  })

  it('gets a reason even if the platform gives none', () => {
    const withoutReason = { aborted: true, reason: undefined } as AbortSignal
    expect(() => throwIfAborted(withoutReason)).toThrow(
      expect.objectContaining({ name: 'AbortError', message: 'This operation was aborted.' }),
    )
  })
})

describe('a result', () => {
  it('is returned without a signal or without an abort, and its listener is removed', async () => {
    const { signal, listeners } = countedSignal()
    expect(await unlessAborted(Promise.resolve(1), undefined)).toBe(1)
    expect(await unlessAborted(Promise.resolve(2), signal)).toBe(2)
    await expect(unlessAborted(Promise.reject(new Error('No.')), signal)).rejects.toThrow('No.')
    await new Promise((resolve) => setImmediate(resolve))
    expect(listeners.size).toBe(0)
  })

  it('is not returned if the abort comes first', async () => {
    const { abort, signal } = countedSignal()
    const waiting = unlessAborted(new Promise(() => undefined), signal)
    abort.abort('enough')
    await expect(waiting).rejects.toBe('enough')
    await expect(unlessAborted(Promise.resolve(1), signal)).rejects.toBe('enough')
    expect(() => throwIfAborted(signal)).toThrow('enough')
    expect(throwIfAborted(undefined)).toBeUndefined()
    expect(throwIfAborted(new AbortController().signal)).toBeUndefined()
  })
})

describe('waiters', () => {
  it('all get the next value or error', async () => {
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

  it('are removed on an abort, together with their listeners', async () => {
    const waiters = new Waiters<number>()
    const { abort, signal, listeners } = countedSignal()
    const [aborted, remaining] = [waiters.wait(signal), waiters.wait()]
    abort.abort('enough')
    await expect(aborted).rejects.toBe('enough')
    await expect(waiters.wait(signal)).rejects.toBe('enough')
    waiters.resolve(1)
    expect(await remaining).toBe(1)
    const other = countedSignal()
    const resolved = waiters.wait(other.signal)
    waiters.resolve(2)
    expect([await resolved, other.listeners.size]).toEqual([2, 0])
    expect(listeners.size).toBeLessThan(2)
  })
})
