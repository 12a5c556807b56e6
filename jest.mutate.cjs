const { projects, maxWorkers, testSequencer, ...base } = require('./jest.config.cjs')

/** The fast tests of one part, for `npm run mutate`, which names them here. */
const tests = (process.env.MUTATION_TESTS ?? 'unit/*').split(' ')

module.exports = {
  ...base,
  testMatch: tests.map((test) => `<rootDir>/test/${test}.test.ts`),
  moduleNameMapper: { '^fast-check$': '<rootDir>/test/mutation/fewer-runs.cjs' },
  testTimeout: 10_000,
}
