import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildSync } from 'esbuild'
import { byId, type Properties, propertiesOf, readable, type StackTemplate } from './stack.ts'

/** The package as a stranger has it: packed, and unpacked beside a CDK app in a folder of its own. */

const run = promisify(execFile)
const quiet = { env: { ...process.env, NODE_OPTIONS: '', npm_config_loglevel: 'error' }, maxBuffer: 2 ** 26 }
const modules = join(process.cwd(), 'node_modules')

const build = (root: string, out: string) =>
  run(
    process.execPath,
    ['--import', join(modules, 'tsx/dist/esm/index.mjs'), join(root, 'tools/package.ts'), out],
    quiet,
  )

/** Of every file its path and a hash of its bytes. */
async function hashesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const hashes = files.sort().map(async (file): Promise<[string, string]> => {
    const hash = createHash('sha256').update(await readFile(file))
    return [file.slice(folder.length + 1), hash.digest('hex')]
  })
  return Object.fromEntries(await Promise.all(hashes))
}

let folder: string
let built: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'))
  built = join(folder, 'built')
  await build(process.cwd(), built)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('the same sources in another folder give the same package, byte for byte', async () => {
  const copy = join(folder, 'a', 'copy of the sources')
  for (const name of ['protocol', 'lambdas', 'infra', 'client', 'page', 'tools/package.ts', 'docs/embedding.md'])
    await cp(name, join(copy, name), { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) })
  for (const name of ['package.json', 'tsconfig.json', 'LICENSE']) await cp(name, join(copy, name))
  await symlink(modules, join(copy, 'node_modules'))
  const again = join(folder, 'again')
  await build(copy, again)

  const hashes = await hashesOf(built)
  expect(Object.keys(hashes)).toEqual(
    expect.arrayContaining(['functions/send/index.mjs', 'lib/index.js', 'page/index.html', 'types/infra/lib.d.ts']),
  )
  expect(await hashesOf(again)).toEqual(hashes)
})

test('no file of the package names a folder of the machine on which it was built', async () => {
  for (const file of Object.keys(await hashesOf(built))) {
    const text = await readFile(join(built, file), 'utf8')
    expect({ file, found: text.includes(process.cwd()) || text.includes(folder) }).toEqual({ file, found: false })
  }
})

describe('in a CDK app elsewhere', () => {
  let app: string
  let template: StackTemplate

  const synthesize = async (file: string, outdir: string) => {
    const env = { ...quiet.env, CDK_OUTDIR: join(app, outdir), CDK_CONTEXT_JSON: '{}' }
    await run(process.execPath, [file], { ...quiet, cwd: app, env })
    const text = await readFile(join(app, outdir, 'Chats.template.json'), 'utf8')
    const parsed: StackTemplate = JSON.parse(text)
    return parsed
  }

  /** The example, as a program that Node runs without a loader. */
  const compile = (format: 'esm' | 'cjs', outfile: string) =>
    buildSync({ entryPoints: [join(app, 'app.ts')], outfile: join(app, outfile), format, platform: 'node' })

  beforeAll(async () => {
    app = join(folder, 'app')
    const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], { ...quiet, cwd: built })
    const [entry]: { filename: string }[] = Object.values(JSON.parse(packed.stdout))
    const installed = join(app, 'node_modules', 'persistent-chat')
    await mkdir(installed, { recursive: true })
    await run('tar', ['-xzf', join(folder, entry?.filename ?? ''), '-C', installed, '--strip-components', '1'])
    for (const name of ['aws-cdk-lib', 'constructs'])
      await symlink(join(modules, name), join(app, 'node_modules', name))
    await cp('examples/embedding', app, { recursive: true })
    compile('esm', 'app.mjs')
    template = await synthesize('app.mjs', 'esm.out')
  })

  test('the example compiles under strict settings, declarations of the package included', async () => {
    const config = {
      compilerOptions: {
        strict: true,
        noEmit: true,
        module: 'nodenext',
        target: 'es2023',
        types: ['node'],
        typeRoots: [join(modules, '@types')],
      },
      files: ['app.ts'],
    }
    await writeFile(join(app, 'tsconfig.json'), JSON.stringify(config))
    const compiled = run(process.execPath, [join(modules, 'typescript/bin/tsc'), '-p', app], quiet)
    expect((await compiled.catch((error: { stdout: string }) => error)).stdout).toBe('')
  })

  test('a program of CommonJS synthesizes the same template', async () => {
    await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'other', private: true }))
    compile('cjs', 'app.cjs')
    expect(await synthesize('app.cjs', 'cjs.out')).toEqual(template)
  })

  test('two chats stand in one stack, each with its API and its functions', () => {
    const read = readable(template)
    expect(Object.keys(byId(read, 'AWS::ApiGatewayV2::Api')).sort()).toEqual(['SalesSocketApi', 'SupportSocketApi'])
    for (const chat of ['Sales', 'Support']) expect(read.Resources[`${chat}SendFunction`]?.Type).toMatch(/Function$/)
  })

  test('the functions run the code of the package', async () => {
    const assets: { files: Record<string, { source: { path: string }; displayName: string }> } = JSON.parse(
      await readFile(join(app, 'esm.out', 'Chats.assets.json'), 'utf8'),
    )
    const shipped = await hashesOf(join(built, 'functions'))
    const send = Object.values(assets.files).find(({ displayName }) => displayName === 'Sales/Send/Function/Code')
    const staged = await hashesOf(join(app, 'esm.out', send?.source.path ?? ''))
    expect(staged).toEqual({ 'index.mjs': shipped['send/index.mjs'] })
  })

  test('tables that are named are used by roles, functions and the stream, and none is created in their place', () => {
    const read = readable(template)
    const created = Object.keys(byId(read, 'AWS::DynamoDB::GlobalTable')).filter((id) => id.startsWith('Support'))
    expect(created.sort()).toEqual(['SupportTablesBudgets', 'SupportTablesRecords', 'SupportTablesSessions'])
    expect(propertiesOf(read, 'SupportSendFunction').Environment).toMatchObject({
      Variables: { MESSAGES_TABLE: 'support-messages', ROOMS_TABLE: 'support-rooms', LOG_EPOCH: '2' },
    })
    expect(JSON.stringify(propertiesOf(read, 'SupportSendRole'))).toContain(':table/support-messages"')
    expect(propertiesOf(read, 'SupportLargeRoomsStream').EventSourceArn).toMatch(
      /support-messages\/stream\/2026-01-01$/,
    )
  })

  test('the key encrypts tables, logs, the queue and the files of the page', () => {
    const read = readable(template)
    const key = '{Key.Arn}'
    expect(propertiesOf(read, 'SalesTablesRooms')).toMatchObject({
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [{ SSESpecification: { KMSMasterKeyId: key } }],
    })
    for (const log of Object.values(byId(read, 'AWS::Logs::LogGroup'))) expect(log.KmsKeyId).toBe(key)
    expect(propertiesOf(read, 'SalesLargeRoomsUndelivered').KmsMasterKeyId).toBe(key)
    expect(JSON.stringify(propertiesOf(read, 'SalesPageFiles').BucketEncryption)).toContain(key)
  })

  test('the domain has TLS 1.2 and leads to the stage, and is the address of the chat', () => {
    const read = readable(template)
    expect(propertiesOf(read, 'SalesDomainName')).toMatchObject({
      DomainName: 'chat.example.com',
      DomainNameConfigurations: [{ EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }],
    })
    expect(propertiesOf(read, 'SalesDomainMapping')).toMatchObject({
      ApiId: '{SalesSocketApi}',
      Stage: 'chat',
    })
    expect(read.Resources.SalesDomainMapping?.DependsOn).toContain('SalesSocketStage')
    expect(read.Outputs.Address?.Value).toBe('wss://chat.example.com')
  })

  test('every role of the chats has the boundary', () => {
    const roles = Object.entries(byId(template, 'AWS::IAM::Role')).filter(([id]) => !id.startsWith('Robot'))
    expect(roles.length).toBeGreaterThan(44)
    for (const [id, role] of roles) {
      expect({ id, boundary: JSON.stringify(role.PermissionsBoundary) }).toEqual({
        id,
        boundary: expect.stringContaining(':policy/developers'),
      })
    }
  })

  test('the program beside the chat may push to connections of that chat, and nothing else', () => {
    const [policy] = Object.values(byId(readable(template), 'AWS::IAM::Policy')).filter(({ PolicyName }) =>
      String(PolicyName).startsWith('Robot'),
    )
    const { Statement } = (policy?.PolicyDocument ?? {}) as Properties
    expect(Statement).toEqual([
      {
        Action: 'execute-api:ManageConnections',
        Effect: 'Allow',
        Resource:
          'arn:{AWS::Partition}:execute-api:{AWS::Region}:{AWS::AccountId}:{SalesSocketApi}/chat/POST/@connections/*',
      },
    ])
  })
})
