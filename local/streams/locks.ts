/** Locks by name. A caller waits for the callers before it that locked one of the same names. */
export function locks() {
  const last = new Map<string, Promise<void>>()
  /** Resolves with the function that unlocks the names. */
  return async (names: string[]): Promise<() => void> => {
    const wanted = [...new Set(names)]
    let unlock = () => {}
    const done = new Promise<void>((resolve) => {
      unlock = resolve
    })
    const before = wanted.map((name) => last.get(name))
    for (const name of wanted) last.set(name, done)
    for (const earlier of before) if (earlier) await earlier
    return () => {
      for (const name of wanted) if (last.get(name) === done) last.delete(name)
      unlock()
    }
  }
}
