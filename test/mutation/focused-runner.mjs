import { readFileSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin'
import { DryRunStatus, MutantRunStatus } from '@stryker-mutator/api/test-runner'
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner'

/** Which files hold the tests of a name, as the one process that makes the dry run tells the others. */
const filesOfTests = 'mutation-tests.json'

const loaded = Symbol.for('mutation.loadedTestFiles')

/**
 * Stryker's runner for jest loads every test file that imports what is mutated, for each mutant. This one takes them one
 * by one, the mutated file's own first, leaves out those that never reach the mutant, and stops at the first that fails.
 * A file stays loaded for all mutants that can be switched on while it is.
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
    const own = basename(options.activeMutant.fileName, '.ts')
    const wanted = options.testFilter && new Set(options.testFilter)
    const files = this.#files
      .map(([file, { tests, ms }]) => ({ file, ms, tests: tests.filter((test) => !wanted || wanted.has(test)) }))
      .filter(({ tests }) => tests.length > 0)
      .sort((one, other) => nearness(other.file, own) - nearness(one.file, own) || one.ms - other.ms)
    let result = { status: MutantRunStatus.Survived, nrOfTests: 0 }
    for (const { file, tests } of files) {
      result = await (wanted ? this.#replay(options, file, tests) : this.#reload(options, file))
      if (result.status !== MutantRunStatus.Survived) break
    }
    return result
  }

  /** In a process of jest's own, as it is needed for what runs while a module loads. */
  #reload(options, file) {
    const jest = Object.create(this.#jest)
    jest.run = (settings) => this.#jest.run({ ...settings, fileNamesUnderTest: undefined, testFiles: [file] })
    return jest.mutantRun(options)
  }

  /** A mutant may spoil what later ones meet, so a file that fails without any is loaded again. */
  async #replay(options, file, tests) {
    const isFresh = !this.#sessions.has(file)
    const result = await this.#try(options, file, tests)
    if (result.status === MutantRunStatus.Survived) return result
    const isSpoilt = result.status !== MutantRunStatus.Killed || !(await this.#passes(file, tests))
    if (isSpoilt) await this.#forget(file)
    return isSpoilt && !isFresh ? this.#replay(options, file, tests) : result
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
      hitLimit: hitLimit && Math.ceil(hitLimit / sooner),
    })
    if (isEndless) return { status: MutantRunStatus.Timeout, reason: 'It goes on for ever.' }
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
    const session = new Promise((taken, failed) => {
      process[loaded].set(file, (session) => {
        process[loaded].delete(file)
        taken(session)
      })
      const jestConfig = { ...this.#jest.jestConfig, testRunner: resolve('test/mutation/replaying.cjs') }
      this.#jest.run({ jestConfig, testFiles: [file] }).then(() => failed(new Error(`${file} did not load.`)), failed)
    })
    this.#sessions.set(file, session)
    return session
  }

  async #forget(file) {
    const session = this.#sessions.get(file)
    this.#sessions.delete(file)
    await (await session)?.end()
  }

  async dispose() {
    for (const file of [...this.#sessions.keys()]) await this.#forget(file)
  }
}

/** Stryker gives a mutant a hundred times the passes of all tests together; what goes beyond five goes on for ever. */
const sooner = 20

/** What carries the name of the mutated file says more of it than what only meets it, and a unit test more than others. */
const nearness = (file, own) =>
  (basename(file)
    .replace(/^(client|domain)-/, '')
    .startsWith(own)
    ? 2
    : 0) + (/\/unit\//.test(file) ? 1 : 0)

const namesOf = (tests) => new RegExp(tests.map((test) => `^${test.replace(/[|\\{}()[\]^$+*?.]/g, '\\$&')}$`).join('|'))

const [{ factory }] = jestPlugins
const focusedFactory = (injector) => new FocusedRunner(factory(injector))
focusedFactory.inject = tokens(commonTokens.injector)

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'focused-jest', focusedFactory)]
