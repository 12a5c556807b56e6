import { readFileSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin'
import { DryRunStatus, MutantRunStatus } from '@stryker-mutator/api/test-runner'
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner'

/** The tests of each file, written by the process of the dry run for the other processes. */
const filesOfTests = 'mutation-tests.json'

const loaded = Symbol.for('mutation.loadedTestFiles')

/**
 * For each mutant, Stryker's runner for jest loads every test file that imports the mutated file. This runner runs the
 * files one by one, the tests of the mutated file first, skips files that never reach the mutant, and stops at the first
 * failure. A file stays loaded for all mutants that can be switched on without loading it again.
 */
class FocusedRunner {
  #jest
  #files
  #sessions = new Map()

  constructor(jest) {
    this.#jest = jest
  }

  init = () => this.#jest.init()
  capabilities = () => this.#jest.capabilities()

  async dryRun(options) {
    const result = await this.#jest.dryRun(options)
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

  async mutantRun(options) {
    this.#files ??= Object.entries(JSON.parse(readFileSync(filesOfTests, 'utf8')))
    const mutated = basename(options.activeMutant.fileName, '.ts')
    const covering = options.testFilter && new Set(options.testFilter)
    const files = this.#files
      .map(([file, { tests, ms }]) => ({ file, ms, tests: tests.filter((test) => !covering || covering.has(test)) }))
      .filter(({ tests }) => tests.length > 0)
      .sort((one, other) => priority(other.file, mutated) - priority(one.file, mutated) || one.ms - other.ms)
    let result = { status: MutantRunStatus.Survived, nrOfTests: 0 }
    for (const { file, tests } of files) {
      result = await (covering ? this.#replay(options, file, tests) : this.#reload(options, file))
      if (result.status !== MutantRunStatus.Survived) break
    }
    return result
  }

  /** Loads the file again, which is necessary for code that runs while a module loads. */
  #reload(options, file) {
    const jest = Object.create(this.#jest)
    jest.run = (settings) => this.#jest.run({ ...settings, fileNamesUnderTest: undefined, testFiles: [file] })
    return jest.mutantRun(options)
  }

  /** A mutant can leave a broken state behind, so a file that fails without a mutant is loaded again. */
  async #replay(options, file, tests) {
    const isNew = !this.#sessions.has(file)
    const result = await this.#try(options, file, tests)
    if (result.status === MutantRunStatus.Survived) return result
    const isBroken = result.status !== MutantRunStatus.Killed || !(await this.#passes(file, tests))
    if (isBroken) await this.#unload(file)
    return isBroken && !isNew ? this.#replay(options, file, tests) : result
  }

  async #passes(file, tests) {
    const session = await this.#session(file)
    return (await session.run({ names: namesOf(tests) })).numFailingTests === 0
  }

  async #try({ activeMutant, hitLimit }, file, tests) {
    const session = await this.#session(file)
    const { isEndless, testResults, testExecError } = await session.run({
      mutant: activeMutant.id,
      names: namesOf(tests),
      hitLimit: hitLimit && Math.ceil(hitLimit / hitLimitDivisor),
    })
    if (isEndless) return { status: MutantRunStatus.Timeout, reason: 'The mutant does not end.' }
    const ran = testResults.filter(({ status }) => status === 'passed' || status === 'failed')
    const failed = ran.filter(({ status }) => status === 'failed')
    if (failed.length === 0 && !testExecError) return { status: MutantRunStatus.Survived, nrOfTests: ran.length }
    return {
      status: MutantRunStatus.Killed,
      nrOfTests: ran.length,
      killedBy: failed.length > 0 ? failed.map(({ fullName }) => fullName) : tests.slice(0, 1),
      failureMessage: failed.flatMap(({ failureMessages }) => failureMessages).join('\n') || testExecError?.stack || '',
    }
  }

  #session(file) {
    const known = this.#sessions.get(file)
    if (known) return known
    process[loaded] ??= new Map()
    const session = new Promise((resolveSession, reject) => {
      process[loaded].set(file, (session) => {
        process[loaded].delete(file)
        resolveSession(session)
      })
      const jestConfig = { ...this.#jest.jestConfig, testRunner: resolve('test/mutation/replaying.cjs') }
      this.#jest.run({ jestConfig, testFiles: [file] }).then(() => reject(new Error(`${file} did not load.`)), reject)
    })
    this.#sessions.set(file, session)
    return session
  }

  async #unload(file) {
    const session = this.#sessions.get(file)
    this.#sessions.delete(file)
    await (await session)?.end()
  }

  async dispose() {
    for (const file of [...this.#sessions.keys()]) await this.#unload(file)
  }
}

/** Stryker allows a mutant a hundred times the hits of a normal run; five times are enough to detect an endless loop. */
const hitLimitDivisor = 20

/** Tests with the name of the mutated file come first, and unit tests before others. */
const priority = (file, mutated) =>
  (basename(file)
    .replace(/^(client|domain)-/, '')
    .startsWith(mutated)
    ? 2
    : 0) + (/\/unit\//.test(file) ? 1 : 0)

const namesOf = (tests) => new RegExp(tests.map((test) => `^${test.replace(/[|\\{}()[\]^$+*?.]/g, '\\$&')}$`).join('|'))

const [{ factory }] = jestPlugins
const focusedFactory = (injector) => new FocusedRunner(factory(injector))
focusedFactory.inject = tokens(commonTokens.injector)

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'focused-jest', focusedFactory)]
