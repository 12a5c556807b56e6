/** Lets one at a time past each of its names; the others wait in the order they came. */
export function locks() {
  const last = new Map<string, Promise<void>>()
  /** Resolves to what opens them again. */
  return async (names: string[]): Promise<() => void> => {
    const wanted = [...new Set(names)]
    let open = () => {}
    const done = new Promise<void>((resolve) => {
      open = resolve
    })
    const before = wanted.map((name) => last.get(name))
    for (const name of wanted) last.set(name, done)
    for (const earlier of before) if (earlier) await earlier
    return () => {
      for (const name of wanted) if (last.get(name) === done) last.delete(name)
      open()
    }
  }
}
