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

/** True if the file is below the folder of one of the globs. */
const contains = ({ sources }: Part, file: string) => sources.some((glob) => file.startsWith(glob.replace(/\*.*$/, '')))

/** The sources of a part that the arguments name: all, some files, or none. */
function sourcesOf(part: Part): readonly string[] {
  if (positionals.length === 0 || positionals.includes(part.name)) return part.sources
  return positionals.filter((file) => contains(part, file))
}

const allWarnings = { unknownOptions: true, preprocessorErrors: true, unserializableOptions: true }
const plugins = ['focused-runner', 'human-text', 'survivors-reporter'].map((name) => `./test/mutation/${name}.mjs`)

async function mutate(part: Part, sources: readonly string[]): Promise<void> {
  process.env.MUTATION_TESTS = part.tests.join(' ')
  const name = sources === part.sources ? part.name : 'files'
  await new Stryker({
    mutate: [...sources],
    testRunner: 'focused-jest',
    jest: { configFile: 'jest.mutate.cjs' },
    coverageAnalysis: 'perTest',
    plugins: ['@stryker-mutator/jest-runner', ...plugins],
    ignorers: ['human-text'],
    // Since version 7 the compiler has no programming interface by which Stryker could read the settings.
    tsconfigFile: 'none.json',
    ignorePatterns: ['dist', 'tools/bench', 'coverage', 'cdk.out', 'test/browser'],
    // A high limit, because a busy machine is slow. Endless loops are detected by the hit count.
    timeoutMS: 30_000,
    warnings: { ...allWarnings, slow: false },
    // Test files that are loaded again leak memory.
    maxTestRunnerReuse: 400,
    concurrency: Number(values.concurrency ?? 2),
    reporters: ['progress-append-only', 'survivors', 'json'],
    jsonReporter: { fileName: `coverage/mutation/${name}.json` },
    tempDirName: 'coverage/mutation/sandbox',
    allowEmpty: true,
  }).runMutationTest()
}

const chosen = parts.map((part) => [part, sourcesOf(part)] as const).filter(([, sources]) => sources.length > 0)
if (chosen.length === 0) throw new Error(`Name parts (${parts.map(({ name }) => name).join(', ')}) or files of them.`)
for (const [part, sources] of chosen) await mutate(part, sources)
