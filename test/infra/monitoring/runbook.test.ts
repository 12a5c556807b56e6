import { existsSync, readFileSync } from 'node:fs'
import { savedQueries } from '../../../infra/monitoring/queries.ts'
import { faultNames } from '../../../local/faults/faults.ts'
import { breakages, sections } from '../../support/runbook.ts'
import { byId } from '../stack.ts'
import { alarms, template } from './watching.ts'

const runbook = readFileSync('docs/runbook.md', 'utf8')

test('every alarm has its section, and every section its alarm', () => {
  expect([...sections].sort()).toEqual([...alarms.keys()].sort())
})

test.each(sections)(
  '%s says what it means, what users see, the query, what to do and how to know that it is over',
  (name) => {
    const text = runbook.split(`### ${name}\n`)[1]?.split(/^##/m)[0] ?? ''
    const parts = ['It means', 'Users see', 'Query', 'Do', 'Over when']
    expect(parts.map((part) => text.indexOf(`**${part}:**`))).not.toContain(-1)
    const positions = parts.map((part) => text.indexOf(`**${part}:**`))
    expect(positions).toEqual([...positions].sort((a, b) => a - b))
  },
)

test('links of the runbook lead somewhere', () => {
  for (const [, target = ''] of runbook.matchAll(/\]\(#([a-z-]+)\)/g))
    expect([...sections, 'what-is-broken-which-alarms']).toContain(target)
  for (const [, file = ''] of runbook.matchAll(/\]\(([\w./-]+\.\w+)(?:#[\w-]+)?\)/g))
    expect({ file, exists: existsSync(`docs/${file}`) }).toEqual({ file, exists: true })
})

test('the saved queries that the runbook names exist', () => {
  const names = savedQueries.map(({ name }) => name)
  for (const [, name = ''] of runbook.matchAll(/saved query "([^"]+)"/g)) expect(names).toContain(name)
})

test('each line of the table is a fault of the local run and alarms that exist, no line twice', () => {
  expect(breakages.length).toBeGreaterThan(10)
  expect(new Set(breakages.map(({ tried }) => tried)).size).toBe(breakages.length)
  for (const { tried, alarms: raised } of breakages) {
    for (const name of raised) expect([...alarms.keys()]).toContain(name)
    if (tried.includes(':')) expect(faultNames).toContain(tried.split(':')[0])
  }
})

test('there are at least four saved queries, over the logs of every function, in a folder of the stack', () => {
  const queries = Object.values(byId(template, 'AWS::Logs::QueryDefinition'))
  expect(queries.length).toBeGreaterThanOrEqual(4)
  const groups = Object.keys(byId(template, 'AWS::Logs::LogGroup')).map((id) => `{${id}}`)
  for (const { Name, QueryString, LogGroupNames } of queries) {
    expect(Name).toMatch(/^PersistentChat\/[A-Z][a-z ]+$/)
    expect(String(QueryString)).not.toContain('$.')
    expect([...(LogGroupNames as string[])].sort()).toEqual([...groups].sort())
    expect(groups.length).toBeLessThanOrEqual(50)
  }
})

test('the queries ask for fields that a line of the log has', () => {
  const fields = new Set([
    'verb',
    'outcome',
    'ms',
    'units',
    'user',
    'room',
    'connectionId',
    'requestId',
    'error',
    'level',
  ])
  for (const { lines } of savedQueries)
    for (const [, field = ''] of lines.join(' ').matchAll(/(?:ispresent|count_distinct|pct|max|sum)\((\w+)/g))
      expect(fields).toContain(field)
})
