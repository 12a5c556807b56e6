import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExistingTables, FunctionDefaults, PersistentChatProps } from '../../infra/lib.ts'

/** The compiler demands every name here, and no other. */
const props: Record<keyof PersistentChatProps, true> = {
  tokens: true,
  otherIssuers: true,
  guests: true,
  adminGroup: true,
  allowedOrigins: true,
  chatDomain: true,
  epoch: true,
  accessLog: true,
  recordAddresses: true,
  logLevel: true,
  alarms: true,
  dashboard: true,
  dailyBudget: true,
  accountConcurrency: true,
  workers: true,
  postsPerSecond: true,
  quotas: true,
  tables: true,
  encryptionKey: true,
  domain: true,
  retention: true,
  removal: true,
  protect: true,
  functions: true,
  page: true,
  code: true,
}

const functionDefaults: Record<keyof FunctionDefaults, true> = {
  architecture: true,
  memoryScale: true,
  memory: true,
  permissionsBoundary: true,
  layers: true,
  tracing: true,
}

const existingTables: Record<keyof ExistingTables, true> = {
  sessions: true,
  rooms: true,
  messages: true,
  messagesStream: true,
  records: true,
  budgets: true,
}

const document = readFileSync('docs/embedding.md', 'utf8')

/** Rows of the table whose first heading is this, each as its cells. */
function rowsUnder(heading: string): string[][] {
  const [, table = ''] = document.split(`| ${heading} | meaning | default |\n|---|---|---|\n`)
  const [rows = ''] = table.split('\n\n')
  return rows.split('\n').map((row) => row.split('|').slice(1, -1))
}

const quoted = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name)
const namesUnder = (heading: string) => rowsUnder(heading).flatMap(([first]) => quoted(first))

test('the document has a row for every prop and for nothing else', () => {
  expect(namesUnder('prop').sort()).toEqual(Object.keys(props).sort())
  expect(namesUnder('`functions.…`').sort()).toEqual(Object.keys(functionDefaults).sort())
})

test('the row of the tables names each of them', () => {
  const [, meaning] = rowsUnder('prop').find(([first]) => quoted(first).includes('tables')) ?? []
  expect(quoted(meaning).sort()).toEqual(Object.keys(existingTables).sort())
})

test('the document names the version that is packed, and the example its peers and its version', () => {
  const manifest = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { name, version } = manifest('.')
  expect(document).toContain(`${name}-${version}.tgz`)
  const { dependencies } = manifest('examples/embedding')
  expect(dependencies).toEqual({ 'aws-cdk-lib': '^2.200.0', constructs: '^10.0.5', [name]: `^${version}` })
  expect(readFileSync('tools/package.ts', 'utf8')).toContain(
    "const peers = { 'aws-cdk-lib': '^2.200.0', constructs: '^10.0.5' }",
  )
})
