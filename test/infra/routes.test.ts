import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { functions } from '../../infra/functions.ts'
import { ping, routes } from '../../infra/routes.ts'

const folder = join('lambdas', 'routes')
const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''))

test('every file in lambdas/routes has a line in the table of routes', () => {
  expect(files.filter((file) => !routes.some((route) => route.file === file))).toEqual([])
})

test.each(routes)('$key is lambdas/routes/$file.ts and exports $exportName', ({ file, exportName }) => {
  expect(readFileSync(join(folder, `${file}.ts`), 'utf8')).toMatch(
    new RegExp(`^export (const|function|async function) ${exportName}\\b`, 'm'),
  )
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
