import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin'
import { DryRunStatus, MutantRunStatus } from '@stryker-mutator/api/test-runner'
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner'

/** Which files hold the tests of a name, as the one process that makes the dry run tells the others. */
const filesOfTests = 'mutation-tests.json'

/**
 * Stryker's runner for jest loads every test file that imports what is mutated, for each mutant. This one takes them
 * one by one, the mutated file's own first, leaves out those that never reach the mutant, and stops at the first that
 * fails.
 */
function focused(runner) {
  const runJest = runner.run.bind(runner)
  const dryRun = runner.dryRun.bind(runner)

  runner.dryRun = async (options) => {
    const result = await dryRun(options)
    if (result.status !== DryRunStatus.Complete) return result
    const files = {}
    for (const { id, fileName, timeSpentMs } of result.tests) {
      files[fileName] ??= { tests: [], ms: 0 }
      files[fileName].tests.push(id)
      files[fileName].ms += timeSpentMs
    }
    writeFileSync(filesOfTests, JSON.stringify(files))
    return result
  }

  runner.mutantRun = async (options) => {
    const { activeMutant, testFilter } = options
    const own = basename(activeMutant.fileName, '.ts')
    const wanted = testFilter && new Set(testFilter)
    const files = Object.entries(JSON.parse(readFileSync(filesOfTests, 'utf8')))
      .filter(([, { tests }]) => !wanted || tests.some((test) => wanted.has(test)))
      .sort(([one, { ms }], [other, { ms: otherMs }]) => named(other, own) - named(one, own) || ms - otherMs)
    let result
    for (const [file] of files) {
      runner.run = (settings) => runJest({ ...settings, fileNamesUnderTest: undefined, testFiles: [file] })
      result = await mutantRun(options)
      if (result.status !== MutantRunStatus.Survived) break
    }
    return result
  }
  const mutantRun = Object.getPrototypeOf(runner).mutantRun.bind(runner)
  return runner
}

const named = (file, own) => (basename(file).startsWith(own) ? 1 : 0)

const [{ factory }] = jestPlugins
const focusedFactory = (injector) => focused(factory(injector))
focusedFactory.inject = tokens(commonTokens.injector)

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'focused-jest', focusedFactory)]
