import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

/*
 * node --import tsx tools/test-names.ts > before.txt        the names of all tests, sorted, without running them
 * node --import tsx tools/test-names.ts before.txt after.txt    the tests that are gone; exits with 1 if there are any
 *
 * A test that has moved to another file is not gone. A name counts as often as it occurs.
 */

interface Report {
  testResults: { name: string; message: string; assertionResults: { fullName: string }[] }[]
}

const separator = ' › '

function names(): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'test-names-'))
  try {
    const file = join(folder, 'report.json')
    // Jest reports the tests that a pattern leaves out as well, so a pattern of no test gives all names.
    const options = ['--testNamePattern', '^\\b$', '--json', '--outputFile', file, '--silent']
    spawnSync('npx', ['jest', ...options], { stdio: ['ignore', 'ignore', 'inherit'] })
    const { testResults }: Report = JSON.parse(readFileSync(file, 'utf8'))
    const empty = testResults.filter(({ assertionResults }) => assertionResults.length === 0)
    if (empty.length > 0)
      throw new Error(`No tests in:\n${empty.map(({ name, message }) => name + message).join('\n')}`)
    return testResults
      .flatMap(({ name, assertionResults }) =>
        assertionResults.map(({ fullName }) => relative('.', name) + separator + fullName.replaceAll('\n', ' ')),
      )
      .sort()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The lines of a list that another list has less often. */
function less(before: readonly string[], after: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const line of after) left.set(line, (left.get(line) ?? 0) + 1)
  return before.filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}

const nameOf = (line: string) => line.slice(line.indexOf(separator) + separator.length)

function gone(before: readonly string[], after: readonly string[]): string[] {
  const missing = less(before, after)
  const names = less(missing.map(nameOf), less(after, before).map(nameOf))
  return missing.filter((line) => {
    const at = names.indexOf(nameOf(line))
    if (at >= 0) names.splice(at, 1)
    return at >= 0
  })
}

const [before, after] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8').trimEnd().split('\n'))
const lines = before && after ? gone(before, after) : names()
for (const line of lines) process.stdout.write(`${line}\n`)
if (before && after) process.exitCode = lines.length > 0 ? 1 : 0
