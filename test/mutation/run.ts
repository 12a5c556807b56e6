import { parseArgs } from 'node:util'
import { Stryker } from '@stryker-mutator/core'
import { type Part, parts } from './parts.ts'

/*
 * npm run mutate                              every part
 * npm run mutate -- keys protocol             some parts
 * npm run mutate -- lambdas/domain/budget/rate.ts    some files
 * npm run mutate -- --concurrency 1 client    with fewer processes
 */

const { values, positionals } = parseArgs({ allowPositionals: true, options: { concurrency: { type: 'string' } } })

/** By the folder that a glob begins with. */
const isOf = ({ sources }: Part, file: string) => sources.some((glob) => file.startsWith(glob.replace(/\*.*$/, '')))

/** What is asked of a part: all of it, some of its files, or nothing. */
function sourcesOf(part: Part): readonly string[] {
  if (positionals.length === 0 || positionals.includes(part.name)) return part.sources
  return positionals.filter((file) => isOf(part, file))
}

const allWarnings = { unknownOptions: true, preprocessorErrors: true, unserializableOptions: true }
const own = ['focused-runner', 'human-text', 'survivors-reporter'].map((name) => `./test/mutation/${name}.mjs`)

async function mutate(part: Part, sources: readonly string[]): Promise<void> {
  process.env.MUTATION_TESTS = part.tests.join(' ')
  const name = sources === part.sources ? part.name : 'files'
  await new Stryker({
    mutate: [...sources],
    testRunner: 'focused-jest',
    jest: { configFile: 'jest.mutate.cjs' },
    coverageAnalysis: 'perTest',
    plugins: ['@stryker-mutator/jest-runner', ...own],
    ignorers: ['human-text'],
    // The compiler has no programming interface from version 7 on, so it cannot read its own settings for Stryker.
    tsconfigFile: 'none.json',
    ignorePatterns: ['dist', 'tools/bench', 'coverage', 'cdk.out', 'test/browser'],
    // A busy machine is slow, which is no fault of a mutant; endless loops are noticed by their count.
    timeoutMS: 30_000,
    warnings: { ...allWarnings, slow: false },
    // Test files that are loaded anew leave something behind.
    maxTestRunnerReuse: 400,
    concurrency: Number(values.concurrency ?? 2),
    reporters: ['progress-append-only', 'survivors', 'json'],
    jsonReporter: { fileName: `coverage/mutation/${name}.json` },
    tempDirName: 'coverage/mutation/sandbox',
    allowEmpty: true,
  }).runMutationTest()
}

const asked = parts.map((part) => [part, sourcesOf(part)] as const).filter(([, sources]) => sources.length > 0)
if (asked.length === 0) throw new Error(`Name parts (${parts.map(({ name }) => name).join(', ')}) or files of them.`)
for (const [part, sources] of asked) await mutate(part, sources)
