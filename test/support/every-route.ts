import { routes } from '../../infra/routes.ts'
import type { Handler } from '../../lambdas/route.ts'

/** The names of the handlers whose file is not named after their key. */
const namesOf: Record<string, [file: string, name: string]> = {
  $connect: ['connect', 'connect'],
  $disconnect: ['disconnect', 'disconnect'],
  $default: ['default', 'unknownAction'],
  disconnect: ['disconnect-user', 'disconnectUser'],
}

const kebab = (verb: string) => verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The handler of every route, by route key. */
export async function everyRoute(): Promise<Map<string, Handler>> {
  const loaded = routes.map(async ({ key }): Promise<[string, Handler]> => {
    const [fileName, name] = namesOf[key] ?? [kebab(key), key]
    const file: Record<string, Handler> = await import(`../../lambdas/routes/${fileName}.ts`)
    const handler = file[name]
    if (!handler) throw new Error(`${key} has no route.`)
    return [key, handler]
  })
  return new Map(await Promise.all(loaded))
}
