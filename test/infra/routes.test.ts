import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { functions, ping, routes } from '../../infra/routes.ts'

const folder = join('lambdas', 'routes')
const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''))

test('every route file has a line in the table of routes', () => {
  expect(files.filter((file) => !routes.some((route) => route.file === file))).toEqual([])
})

test.each(routes)('$key is lambdas/routes/$file.ts and exports $exportName', ({ file, exportName }) => {
  expect(readFileSync(join(folder, `${file}.ts`), 'utf8')).toMatch(
    new RegExp(`^export (const|function|async function) ${exportName}\\b`, 'm'),
  )
})

test('a key is answered in one place only', () => {
  const keys = [...routes.map(({ key }) => key), ping]
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
})

test('every route names a function of the table', () => {
  const known = new Set(functions.map(({ name }) => name))
  expect(routes.filter((route) => !known.has(route.function))).toEqual([])
})
