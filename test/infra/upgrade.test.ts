import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Resource, type StackTemplate, synthesize } from './stack.ts'
import { findings } from './upgrade.ts'

/** Templates of releases: `template-<version>.json.gz`, and `template-<version>-page.json.gz` with page and access log. */
const folder = join('test', 'infra', 'data')
const files = readdirSync(folder).filter((file) => file.startsWith('template-'))
const withPage = { demo: 'true', accessLog: 'true' }
const settingsOf = (file: string) => (file.endsWith('-page.json.gz') ? withPage : {})
const released = (file: string): StackTemplate =>
  JSON.parse(gunzipSync(readFileSync(join(folder, file))).toString('utf8'))

const release = released('template-0.1.0-page.json.gz')
const now = synthesize(withPage)

/** A copy of a template, with a change to it. */
function changed(template: StackTemplate, change: (copy: StackTemplate) => void): StackTemplate {
  const copy = structuredClone(template)
  change(copy)
  return copy
}

/** The resource of this type whose id begins so. */
function resourceOf({ Resources }: StackTemplate, type: string, start = ''): [id: string, resource: Resource] {
  const found = Object.entries(Resources).find(([id, { Type }]) => Type === type && id.startsWith(start))
  if (found === undefined) throw new Error(`The template has no ${type} ${start}.`)
  return found
}

test('the last release is kept, with a page and without', () => {
  expect(files).toEqual(expect.arrayContaining(['template-0.1.0.json.gz', 'template-0.1.0-page.json.gz']))
})

test.each(files)('a stack of %s takes an update and loses nothing', (file) => {
  expect(findings(released(file), synthesize(settingsOf(file)))).toEqual([])
})

describe('an update that would lose something is found:', () => {
  const table = 'AWS::DynamoDB::GlobalTable'

  test('a table under another logical id', () => {
    const [id] = resourceOf(now, table, 'TablesMessages')
    const renamed = changed(now, ({ Resources }) => {
      Resources.Renamed = Resources[id] as Resource
      delete Resources[id]
    })
    expect(findings(release, renamed)).toEqual([`${table} ${id} disappears.`])
  })

  test('a table with another key', () => {
    const other = changed(now, (copy) => {
      resourceOf(copy, table, 'TablesRooms')[1].Properties.KeySchema = [{ AttributeName: 'id', KeyType: 'HASH' }]
    })
    const [id] = resourceOf(now, table, 'TablesRooms')
    expect(findings(release, other)).toEqual([`${table} ${id} is replaced, since KeySchema changes.`])
  })

  test('a table that is not kept', () => {
    const [id] = resourceOf(now, table, 'TablesRecords')
    const dropped = changed(now, ({ Resources }) => {
      Object.assign(Resources[id] as Resource, { DeletionPolicy: 'Delete' })
    })
    expect(findings(release, dropped)).toEqual([`${table} ${id} is no longer kept when the stack is deleted.`])
  })

  test('two new indexes of a table at once, and an index with another key', () => {
    const [id] = resourceOf(now, table, 'TablesSessions')
    const other = changed(now, ({ Resources }) => {
      const { Properties } = Resources[id] as Resource
      const [index] = Properties.GlobalSecondaryIndexes as object[]
      const KeySchema = [{ AttributeName: 'other', KeyType: 'HASH' }]
      const more = ['one', 'two'].map((IndexName) => ({ ...index, IndexName }))
      Properties.GlobalSecondaryIndexes = [{ ...index, KeySchema }, ...more]
    })
    expect(findings(release, other)).toEqual([
      `${table} ${id} changes 2 indexes in one update.`,
      `${table} ${id} has other keys in the index byUser.`,
    ])
  })

  test('a user pool with other names of its users, and with one attribute less', () => {
    const [id] = resourceOf(now, 'AWS::Cognito::UserPool')
    const other = changed(now, ({ Resources }) => {
      Object.assign(Resources[id]?.Properties ?? {}, { UsernameAttributes: ['phone_number'], Schema: [] })
    })
    expect(findings(release, other)).toEqual([
      `AWS::Cognito::UserPool ${id} is replaced, since UsernameAttributes changes.`,
      expect.stringMatching(/^AWS::Cognito::UserPool \w+ loses the attribute \{.*name.*\}\.$/),
    ])
  })

  test('a stage with another name, which is part of the address', () => {
    const other = changed(now, (copy) => {
      resourceOf(copy, 'AWS::ApiGatewayV2::Stage')[1].Properties.StageName = 'v2'
    })
    expect(findings(release, other)).toEqual([
      expect.stringMatching(/^AWS::ApiGatewayV2::Stage \w+ is replaced, since StageName changes\.$/),
    ])
  })

  test('a bucket that becomes something else', () => {
    const [id] = resourceOf(now, 'AWS::S3::Bucket')
    const other = changed(now, ({ Resources }) => {
      Object.assign(Resources[id] as Resource, { Type: 'AWS::S3Express::DirectoryBucket' })
    })
    expect(findings(release, other)).toEqual([`AWS::S3::Bucket ${id} becomes a AWS::S3Express::DirectoryBucket.`])
  })

  test('an output that disappears or has another value, and a verb without a route', () => {
    const other = changed(now, ({ Resources, Outputs }) => {
      delete Outputs.ReviewFunction
      Outputs.Url = { Value: 'wss://elsewhere.example.com' }
      const [route] = Object.entries(Resources).find(([, { Properties }]) => Properties?.RouteKey === 'history') ?? ['']
      delete Resources[route]
    })
    expect(findings(release, other)).toEqual([
      'The output ReviewFunction disappears.',
      'The output Url has another value.',
      'The route history disappears.',
    ])
  })
})
