import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { buildOptions, bundle } from '../../infra/bundle.ts'
import { functions, otherFunctions } from '../../infra/functions.ts'
import { env } from '../../lambdas/bindings.ts'

const out = mkdtempSync(join(tmpdir(), 'bundle-'))
const folder = bundle(process.cwd(), out)
const names = [...functions, ...otherFunctions].map(({ name }) => name)

/** The code of a function, in all files that are shipped with it. */
const codeOf = (name: string, root = folder) =>
  Buffer.concat(
    readdirSync(join(root, name))
      .sort()
      .map((file) => readFileSync(join(root, name, file))),
  )

/** The files of a function that are loaded at its start. */
function loadedAtStart(name: string, file = 'index.mjs', seen = new Set<string>()): Set<string> {
  seen.add(file)
  const code = readFileSync(join(folder, name, file), 'utf8')
  for (const [, next = ''] of code.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) {
    if (!seen.has(next)) loadedAtStart(name, next, seen)
  }
  return seen
}

afterAll(() => rmSync(out, { recursive: true }))

test('every function has a bundle, and nothing else is shipped with it', () => {
  expect(readdirSync(folder).sort()).toEqual([...names].sort())
  for (const name of names.filter((each) => each !== 'authorizer')) {
    expect(readdirSync(join(folder, name))).toEqual(['index.mjs'])
  }
})

test('the authorizer is loaded without a client of DynamoDB, which few handshakes need', () => {
  const files = [...loadedAtStart('authorizer')]
  const code = files.map((file) => readFileSync(join(folder, 'authorizer', file), 'utf8')).join('\n')
  expect(code.length).toBeLessThan(40_000)
  expect(code).not.toContain('DynamoDB_20120810')
  expect(codeOf('authorizer').toString()).toContain('DynamoDB_20120810')
})

test('a file of an earlier bundle is not shipped again', () => {
  const stale = join(folder, 'authorizer', 'late-stores-OLD.mjs')
  writeFileSync(stale, '')
  bundle(process.cwd(), out)
  expect(readdirSync(join(folder, 'authorizer'))).not.toContain('late-stores-OLD.mjs')
})

test('every bundle loads without other files and exports its handler', () => {
  const load = `for (const name of process.argv.slice(1))
    console.log(name, typeof (await import(name)).handler)`
  const paths = names.map((name) => join(folder, name, 'index.mjs'))
  const everyName = Object.fromEntries(Object.values(env).map((name) => [name, 'https://localhost/name']))
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', load, ...paths], {
    env: { ...process.env, ...everyName, [env.otherIssuers]: '[]', [env.quotas]: '{}', AWS_REGION: 'us-east-1' },
    encoding: 'utf8',
  })
  expect(printed.trim().split('\n')).toEqual(paths.map((path) => `${path} function`))
})

test('the same sources give the same bytes in any folder', () => {
  const otherFolder = mkdtempSync(join(tmpdir(), 'bundle-'))
  const again = bundle(process.cwd(), otherFolder)
  for (const name of names) expect(codeOf(name, again).equals(codeOf(name))).toBe(true)
  rmSync(otherFolder, { recursive: true })
})

test('no bundle contains a path of this machine, a source map or the whole of zod', () => {
  for (const name of names) {
    const code = codeOf(name).toString()
    expect(code).not.toContain(process.cwd())
    expect(code).not.toContain('sourceMappingURL')
    // A word of the German translation, which zod adds when it is imported by name instead of as a star.
    expect(code).not.toContain('Eingabe')
  }
})

const imported = `import { DynamoDBClient } from '@aws-sdk/client-dynamodb'`

test('no bundle is more than a quarter larger than the DynamoDB client alone, which keeps cold starts short', () => {
  const { outputFiles } = buildSync({
    ...buildOptions,
    // A bundle without the options of this project contains all the SDK's ways to credentials.
    alias: {},
    stdin: { contents: `${imported}\nexport const client = new DynamoDBClient({})`, resolveDir: process.cwd() },
    write: false,
  })
  const most = 1.25 * (outputFiles[0]?.contents.length ?? 0)
  const sizes = names.map((name) => ({ name, bytes: codeOf(name).length }))
  expect(sizes.filter(({ bytes }) => bytes > most)).toEqual([])
})

test('a function takes its credentials from its environment, and contains no other way to get them', () => {
  const others = names.filter((name) => /169\.254\.17[02]|credential_process/.test(codeOf(name).toString()))
  expect(others).toEqual([])
  const client = join(out, 'client.mjs')
  const contents = `${imported}
    const { accessKeyId, sessionToken } = await new DynamoDBClient({}).config.credentials()
    console.log(accessKeyId, sessionToken)`
  buildSync({ ...buildOptions, stdin: { contents, resolveDir: process.cwd() }, outfile: client })
  const env = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_SESSION_TOKEN: 'token',
  }
  expect(execFileSync(process.execPath, [client], { env, encoding: 'utf8' }).trim()).toBe('key token')
})
