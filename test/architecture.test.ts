import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { importSpecifiers } from './support/import-specifiers.ts'

type Sources = ReadonlyMap<string, string>

const layers: readonly [name: string, files: RegExp][] = [
  ['bindings', /^lambdas\/bindings\.ts$/],
  ['contract', /^protocol\/(replies|asyncapi|typescript)\//],
  ['protocol', /^protocol\//],
  ['budget', /^lambdas\/domain\/budget\//],
  ['log', /^lambdas\/domain\/log\//],
  ['record', /^lambdas\/domain\/record\//],
  ['access', /^lambdas\/domain\/access\//],
  ['people', /^lambdas\/domain\/people\//],
  ['sessions', /^lambdas\/domain\/sessions\//],
  ['rooms', /^lambdas\/domain\/rooms\//],
  ['domain', /^lambdas\/domain\/[^/]+\.ts$/],
  ['replies', /^lambdas\/replies\//],
  ['push', /^lambdas\/push\//],
  ['jobs', /^lambdas\/jobs\//],
  ['signing', /^lambdas\/aws\/(sigv4|credentials)\.ts$/],
  ['event', /^lambdas\/aws\/socket-event\.ts$/],
  ['aws', /^lambdas\/aws\//],
  ['store', /^lambdas\/store\//],
  ['routes', /^lambdas\/routes\//],
  ['tokens', /^lambdas\/tokens\//],
  ['app', /^lambdas\/[^/]+\.ts$/],
  ['infra', /^infra\//],
  ['local', /^local\//],
  ['client', /^client\//],
  ['page', /^page\//],
  ['command', /^terminal\/command\//],
  ['terminal', /^terminal\//],
  ['price', /^tools\/price\//],
]

/** The folders of the domain, lowest layer first. */
const domain = ['domain', 'budget', 'log', 'record', 'access', 'people', 'sessions', 'rooms']

/** The layers that each layer may import. The other tools and the tests may import everything. */
const mayImport: Record<string, readonly string[]> = {
  bindings: [],
  protocol: ['protocol'],
  // No Lambda function needs this part of the protocol, so none may import it.
  contract: ['contract', 'protocol'],
  domain: ['domain'],
  budget: ['budget', 'domain'],
  log: ['log', 'budget', 'domain'],
  record: ['record', 'log', 'budget', 'domain'],
  access: ['access', 'record', 'log', 'budget', 'domain'],
  people: ['people', 'access', 'record', 'log', 'budget', 'domain'],
  sessions: ['sessions', 'access', 'record', 'log', 'budget', 'domain'],
  rooms: domain,
  replies: ['replies', 'protocol', ...domain],
  push: ['push', 'replies', 'protocol', ...domain],
  jobs: ['jobs', 'push', 'replies', 'protocol', ...domain],
  signing: ['signing', 'bindings'],
  event: ['event', 'bindings', ...domain],
  aws: ['aws', 'event', 'signing', 'push', 'bindings', ...domain],
  store: ['store', 'signing', 'bindings', ...domain],
  tokens: ['tokens', 'protocol', 'bindings'],
  app: [
    'app',
    'tokens',
    'aws',
    'event',
    'signing',
    'jobs',
    'push',
    'replies',
    'store',
    'protocol',
    'bindings',
    ...domain,
  ],
  routes: ['app', 'event', 'jobs', 'push', 'replies', 'protocol', ...domain],
  infra: ['infra', 'bindings'],
  local: ['local'],
  client: ['client', 'protocol'],
  page: ['page', 'client'],
  command: ['command'],
  // The redrive command parses deliveries with the code of the functions, the restore command repeats erasures, and others
  // sign requests as the functions do.
  terminal: ['terminal', 'command', 'client', 'store', 'bindings', 'signing', ...domain],
  price: ['price', 'command', 'protocol'],
}

const layerOf = (file: string) => layers.find(([, pattern]) => pattern.test(file))?.[0]

const filesImportedBy = (file: string, source: string) =>
  importSpecifiers(source)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(file), specifier))

function wrongImports(sources: Sources): string[] {
  return [...sources].flatMap(([file, source]) => {
    const allowed = mayImport[layerOf(file) ?? '']
    if (allowed === undefined) return []
    return filesImportedBy(file, source)
      .filter((target) => !allowed.includes(layerOf(target) ?? ''))
      .map((target) => `${file} -> ${target}`)
  })
}

const packagesOfDomain = (sources: Sources) =>
  [...sources]
    .filter(([file]) => /^lambdas\/(domain\/|bindings\.ts$)/.test(file))
    .flatMap(([file, source]) =>
      importSpecifiers(source)
        .filter((specifier) => !specifier.startsWith('.'))
        .map((specifier) => `${file} -> ${specifier}`),
    )

function cycles(sources: Sources): string[] {
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file)
    if (start !== -1) found.push([...path.slice(start), file].join(' -> '))
    if (start !== -1 || done.has(file)) return
    for (const next of filesImportedBy(file, sources.get(file) ?? '')) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of sources.keys()) visit(file, [])
  return found
}

/** Calls that depend on the time zone or the language of the machine. */
const machineDependent = [
  /\.get(FullYear|Month|Date|Day|Hours|Minutes|TimezoneOffset)\(/,
  /\.set(FullYear|Month|Date|Hours|Minutes)\(/,
  /\.to(Date|Time)String\(/,
  /\.toLocale\w+\((\)|undefined|\[\])/,
  /\.localeCompare\([^,()]*(\([^()]*\)[^,()]*)*\)/,
  /\bIntl\.\w+\((\)|undefined|\[\])/,
  /\bnew Date\([^()]*,/,
]

/** Only the page and the commands may use the time zone and language of the machine, to show times to people. */
const machineDependentCalls = (sources: Sources) =>
  [...sources]
    .filter(([file]) => !/^(page|terminal)\//.test(file) && !file.endsWith('architecture.test.ts'))
    .flatMap(([file, source]) =>
      machineDependent
        .flatMap((pattern) => pattern.exec(source)?.slice(0, 1) ?? [])
        .map((found) => `${file}: ${found}`),
    )

/** A date near the present. If a test compares it with a real clock, the test fails some day. */
const nearDate = /\b20(2[1-9]|[3-8]\d)-\d\d|\bDate\.UTC\(20(2[1-9]|[3-8]\d)\b/

const nearDates = (sources: Sources) =>
  [...sources].flatMap(([file, source]) => {
    const found = /^test\/(e2e|browser|transcripts)\//.test(file) ? nearDate.exec(source) : null
    return found ? [`${file}: ${found[0]}`] : []
  })

const folders = ['protocol', 'lambdas', 'infra', 'local', 'client', 'page', 'terminal', 'tools', 'test']
const tree: Sources = new Map(
  readdirSync('.', { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => posix.join(entry.parentPath, entry.name))
    .filter((file) => folders.includes(file.split('/')[0] ?? '') && !file.includes('/dist/'))
    .map((file) => [file, readFileSync(file, 'utf8')]),
)
const transcripts: Sources = new Map(
  readdirSync('test/transcripts').map((name) => [
    `test/transcripts/${name}`,
    readFileSync(posix.join('test/transcripts', name), 'utf8'),
  ]),
)
const lines = (source: string) => source.trimEnd().split('\n').length

describe('the source tree', () => {
  test('has no import of a higher layer', () => expect(wrongImports(tree)).toEqual([]))

  test('has no import cycles, not even of types', () => expect(cycles(tree)).toEqual([]))

  test('imports no packages in the domain and the bindings', () => expect(packagesOfDomain(tree)).toEqual([]))

  test('has no file longer than 300 lines and no route longer than 40', () => {
    const limit = (file: string) => (layerOf(file) === 'routes' ? 40 : 300)
    expect([...tree].filter(([file, source]) => lines(source) > limit(file)).map(([file]) => file)).toEqual([])
  })

  test('does not depend on the time zone or the language of the machine', () =>
    expect(machineDependentCalls(tree)).toEqual([]))

  test('has no dates near the present in tests that use a real clock', () => {
    expect(nearDates(new Map([...tree, ...transcripts]))).toEqual([])
  })

  test('has no file with a meaningless name such as util or helper', () => {
    expect([...tree.keys()].filter((file) => /manager|helper|util|service/i.test(posix.basename(file)))).toEqual([])
  })
})

describe('the documents for contributors', () => {
  const named = (document: string) =>
    [
      ...readFileSync(document, 'utf8').matchAll(
        /\b(?:protocol|lambdas|infra|tools|test|docs|client)\/[\w./-]+\.(?:ts|json|md)\b/g,
      ),
    ].map(([path]) => path)

  test.each(['docs/architecture.md', 'CONTRIBUTING.md'])('name only files that exist: %s', (document) => {
    expect(named(document).length).toBeGreaterThan(5)
    expect(named(document).filter((path) => !existsSync(path))).toEqual([])
  })

  test('draw only files that the function of a route imports', () => {
    const [, send = '', join = ''] = readFileSync('docs/architecture.md', 'utf8').split(/^## From /m)
    for (const [entry, drawing] of [
      ['lambdas/functions/send.ts', send.split('The stream of the log')[0] ?? ''],
      ['lambdas/functions/join.ts', join.split('## Where')[0] ?? ''],
    ] as const) {
      const reached = new Set<string>()
      const visit = (file: string): void => {
        if (reached.has(file)) return
        reached.add(file)
        for (const next of filesImportedBy(file, tree.get(file) ?? '')) visit(next)
      }
      visit(entry)
      const drawn = [...drawing.matchAll(/\b(?:lambdas|protocol)\/[\w./-]+\.ts\b/g)].map(([path]) => path)
      expect(drawn.filter((path) => !reached.has(path))).toEqual([])
    }
  })
})

describe('the check of the source tree', () => {
  const planted = (file: string, source: string): Sources => new Map([...tree, [file, source]])

  test.each([
    ['lambdas/domain/log/planted.ts', "import { dynamo } from '../../store/client.ts'"],
    ['lambdas/domain/log/planted.ts', "import type { Category } from '../access/categories.ts'"],
    ['lambdas/domain/people/planted.ts', "import { join } from '../sessions/join.ts'"],
    ['lambdas/domain/planted.ts', "import { Rate } from './budget/rate.ts'"],
    ['protocol/planted.ts', "import type { Entry } from '../lambdas/domain/log/log.ts'"],
    ['lambdas/routes/planted.ts', "import { replies } from '../../protocol/replies/replies.ts'"],
    ['lambdas/routes/planted.ts', "import {\n  join,\n} from './join.ts'"],
    ['lambdas/routes/planted.ts', "import { dynamo } from '../store/client.ts'"],
    ['lambdas/routes/planted.ts', "import { workers } from '../aws/workers.ts'"],
    ['lambdas/replies/planted.ts', "import { announce } from '../push/announce.ts'"],
    ['lambdas/push/planted.ts', "export { httpPool } from '../aws/http-pool.ts'"],
    ['lambdas/store/planted.ts', "import { httpPool } from '../aws/http-pool.ts'"],
    ['lambdas/aws/sigv4.ts', "import { httpPool } from './http-pool.ts'"],
    ['infra/planted.ts', "const late = await import('../protocol/limits.ts')"],
    ['local/planted.ts', "import '../lambdas/bindings.ts'"],
    ['client/planted.ts', "import { env } from '../lambdas/bindings.ts'"],
    ['page/planted.ts', "import { limits } from '../protocol/limits.ts'"],
    ['terminal/command/planted.ts', "import { ChatClient } from '../../client/index.ts'"],
    ['tools/price/planted.ts', "import { functions } from '../../infra/routes.ts'"],
  ])('reports the import in %s: %s', (file, source) => expect(wrongImports(planted(file, source))).toHaveLength(1))

  test('reports a cycle of type imports', () => {
    const sources = new Map([
      ['lambdas/domain/a.ts', "import type { B } from './b.ts'"],
      ['lambdas/domain/b.ts', "export type { A } from './a.ts'"],
    ])
    expect(cycles(sources)).toEqual(['lambdas/domain/a.ts -> lambdas/domain/b.ts -> lambdas/domain/a.ts'])
  })

  test.each([
    'at.getHours()',
    'new Date(2026, 1, 29)',
    'at.toLocaleTimeString([], { hour12: false })',
    'count.toLocaleString()',
    'names.sort((a, b) => a.localeCompare(b))',
    'names.sort((a, b) => text(a.name).localeCompare(text(b.name)))',
    'new Intl.DateTimeFormat(undefined)',
  ])('reports %s outside the page and the commands', (source) => {
    expect(machineDependentCalls(planted('local/planted.ts', source))).toHaveLength(1)
    expect(machineDependentCalls(planted('test/unit/planted.ts', source))).toHaveLength(1)
    expect(machineDependentCalls(planted('page/planted.ts', source))).toEqual([])
  })

  test.each(["a.localeCompare(b, 'en')", "count.toLocaleString('en-US', {})", 'at.getUTCHours()', 'new Date(at)'])(
    'accepts %s',
    (source) => expect(machineDependentCalls(planted('local/planted.ts', source))).toEqual([]),
  )

  test('reports a date near the present, also in a transcript', () => {
    expect(nearDates(planted('test/e2e/planted.test.ts', "before: '2026-12-31T00:00:00Z'"))).toHaveLength(1)
    expect(nearDates(planted('test/e2e/planted.test.ts', 'Date.UTC(2027, 0, 1)'))).toHaveLength(1)
    expect(nearDates(planted('test/transcripts/planted.json', '{ "before": "2026-01-01T00:00:00Z" }'))).toHaveLength(1)
    expect(nearDates(planted('test/e2e/planted.test.ts', "'2000-01-01T00:00:00Z' '2099-01-01T00:00:00Z'"))).toEqual([])
  })

  test('reports a package in the domain', () => {
    expect(packagesOfDomain(planted('lambdas/domain/planted.ts', "import * as z from 'zod/mini'"))).toHaveLength(1)
  })
})
