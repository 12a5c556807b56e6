const { default: circus } = require('jest-circus/runner')

/** The loaded test files, shared with `focused-runner.mjs`. */
const loaded = Symbol.for('mutation.loadedTestFiles')
process[loaded] ??= new Map()

/** Errors of a mutant that no code catches must not end the process; they count as failures. */
const uncaught = []
process.on('uncaughtException', (error) => uncaught.push(error))
process.on('unhandledRejection', (error) => uncaught.push(error))

/**
 * A test runner for jest that loads a file once and then runs its tests with one mutant after another. Loading takes
 * hundreds of times as long as the tests of a small file.
 */
module.exports = (globalConfig, config, environment, runtime, testPath, sendMessageToJest) => {
  let state
  const { handleTestEvent } = environment
  environment.handleTestEvent = (event, current) => {
    state = current
    // One failure is enough, so the remaining tests are skipped.
    if (event.name === 'test_done' && event.test.errors.length > 0) state.testNamePattern = /^\b$/
    return handleTestEvent?.call(environment, event, current)
  }
  environment.global.__stryker__ ??= {}
  const mutants = environment.global.__stryker__

  const requireInternalModule = runtime.requireInternalModule.bind(runtime)
  runtime.requireInternalModule = (path, ...more) => {
    const module = requireInternalModule(path, ...more)
    if (!module.runAndTransformResultsToJestFormat) return module
    const runOnce = module.runAndTransformResultsToJestFormat
    return { ...module, runAndTransformResultsToJestFormat: (args) => replayed(() => runOnce(args)) }
  }

  /** Runs the tests on demand until `end` is called. */
  const replayed = (runOnce) =>
    new Promise((resolve) => {
      const run = async ({ mutant, names, hitLimit }) => {
        Object.assign(mutants, { activeMutant: mutant, hitCount: hitLimit && 0, hitLimit })
        state.testNamePattern = names
        state.unhandledErrors = []
        for (const test of testsIn(state.rootDescribeBlock)) reset(test)
        uncaught.length = 0
        const result = await runOnce()
        const [error] = uncaught
        const testExecError = result.testExecError ?? (error && { stack: String(error?.stack ?? error) })
        return { ...result, testExecError, isEndless: mutants.hitCount > hitLimit }
      }
      const end = async () => resolve(await run({ mutant: undefined, names: /^\b$/ }))
      process[loaded].get(testPath)?.({ run, end })
    })

  return circus(globalConfig, config, environment, runtime, testPath, sendMessageToJest)
}

const testsIn = ({ children }) =>
  children.flatMap((child) => (child.type === 'describeBlock' ? testsIn(child) : [child]))

function reset(test) {
  const unhandledRejectionErrorByPromise = new Map()
  const blank = { duration: null, invocations: 0, numPassingAsserts: 0, seenDone: false, startedAt: null, status: null }
  Object.assign(test, blank, { errors: [], retryReasons: [], unhandledRejectionErrorByPromise })
}
