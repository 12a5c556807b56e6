/** Runs work while a global is replaced or missing. */
export async function withGlobal(name: string, value: unknown, work: () => unknown): Promise<void> {
  const before = Object.getOwnPropertyDescriptor(globalThis, name)
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  try {
    await work()
  } finally {
    if (before) Object.defineProperty(globalThis, name, before)
    else Reflect.deleteProperty(globalThis, name)
  }
}
