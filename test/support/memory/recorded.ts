import type { MemoryApp } from './app.ts'

const stores = [
  'rooms',
  'roles',
  'categories',
  'people',
  'directory',
  'invitations',
  'preferences',
  'sessions',
  'messages',
  'records',
] as const

/** An app that notes each call of a store as `store.method`, in order. */
export function recorded(app: MemoryApp): { app: MemoryApp; calls: string[] } {
  const calls: string[] = []
  const recording = <Store extends object>(name: string, store: Store): Store =>
    new Proxy(store, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property)
        if (typeof value !== 'function') return value
        return (...input: unknown[]) => {
          calls.push(`${name}.${String(property)}`)
          return Reflect.apply(value, target, input)
        }
      },
    })
  const wrapped = Object.fromEntries(stores.map((name) => [name, recording(name, app[name])]))
  return { app: { ...app, ...wrapped }, calls }
}
