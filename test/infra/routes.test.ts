import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { functions, otherFunctions } from '../../infra/functions.ts'
import { ping, routes } from '../../infra/routes.ts'

const namesIn = (folder: string) => readdirSync(folder).map((file) => file.replace(/\.ts$/, ''))
const routeFiles = namesIn(join('lambdas', 'routes'))

/**
 * The file and the export of a route. A verb has the file `create-room.ts` and the export `createRoom`. The verb
 * `disconnect` has other names than `$disconnect`.
 */
function homeOf(key: string): { file: string; exportName: string } {
  if (key === '$default') return { file: 'default', exportName: 'unknownAction' }
  const exportName = key === 'disconnect' ? 'disconnectUser' : key.replace('$', '')
  return { file: exportName.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`), exportName }
}
const homes = routes.map(({ key, function: name }) => ({ key, name, ...homeOf(key) }))

const sourceOf = (functionName: string) => readFileSync(join('lambdas', 'functions', `${functionName}.ts`), 'utf8')

/** The route keys of `serve(stores, { key, key: route })` in the file of a function. */
function servedBy(functionName: string): string[] {
  const table = /\{([^{}]*)\},?\s*\)\s*$/.exec(sourceOf(functionName))?.[1] ?? ''
  return table.split(',').flatMap((entry) => entry.split(':')[0]?.trim() || [])
}

test('every file in lambdas/routes has a line in the table of routes', () => {
  expect(routeFiles.filter((file) => !homes.some((home) => home.file === file))).toEqual([])
})

test.each(homes)('$key is lambdas/routes/$file.ts and exports $exportName', ({ file, exportName }) => {
  expect(readFileSync(join('lambdas', 'routes', `${file}.ts`), 'utf8')).toMatch(
    new RegExp(`^export (const|function|async function) ${exportName}\\b`, 'm'),
  )
})

test.each(homes)('the file of the function $name imports the route $key', ({ name, file, exportName }) => {
  expect(sourceOf(name)).toMatch(new RegExp(`^import \\{ ${exportName}\\b.* \\} from '../routes/${file}.ts'$`, 'm'))
})

test.each(functions)('the file of the function $name serves its routes in the table and no others', ({ name }) => {
  const keys = routes.filter((route) => route.function === name).map(({ key }) => key)
  expect(servedBy(name).sort()).toEqual(keys.sort())
})

test('every file in lambdas/functions is a function of the table of functions', () => {
  const names = [...functions, ...otherFunctions].map(({ name }) => name)
  expect(namesIn(join('lambdas', 'functions')).sort()).toEqual(names.sort())
})

test('no key is in the table twice', () => {
  const keys = [...routes.map(({ key }) => key), ping]
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
})

test('every route names a function of the table of functions', () => {
  const known = new Set(functions.map(({ name }) => name))
  expect(routes.filter((route) => !known.has(route.function))).toEqual([])
})

test('no function in the table lacks a route', () => {
  const reached = new Set(routes.map((route) => route.function))
  expect(functions.map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([])
})
