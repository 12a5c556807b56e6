const swc = ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }]

/** What the tests of every folder have in common. */
const common = {
  testEnvironment: 'node',
  // Copies of the project that `npm run mutate` works on, and the package that has its name.
  modulePathIgnorePatterns: ['<rootDir>/coverage/', '<rootDir>/dist/package/'],
  // jose is published as ES modules only, and so is the DOM of the charts, whose second build is a single file.
  transform: { '^.+\\.ts$': swc, '/node_modules/(jose/.+|linkedom/worker)\\.js$': swc },
  transformIgnorePatterns: ['/node_modules/(?!jose/|linkedom/worker\\.js$)'],
  // The plot library has a CommonJS build as well, which requires that of d3 by version.
  moduleNameMapper: {
    '^linkedom$': '<rootDir>/node_modules/linkedom/worker.js',
    '^@observablehq/plot$': '<rootDir>/node_modules/@observablehq/plot/dist/plot.umd.min.js',
    '^d3@.*/dist/d3\\.min\\.js$': '<rootDir>/node_modules/d3/dist/d3.min.js',
  },
  setupFiles: ['<rootDir>/test/setup.cjs'],
}

/** Local runs start from one synthesis and one bundle, and test files that need no run of their own share one. */
const onLocalRun = {
  globalSetup: '<rootDir>/test/support/prepared/setup.ts',
  globalTeardown: '<rootDir>/test/support/prepared/teardown.ts',
}

const project = (name, seconds, more = {}) => ({
  ...common,
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  globals: { timeoutSeconds: seconds },
  setupFilesAfterEnv: ['<rootDir>/test/timeout.cjs'],
  ...more,
})

module.exports = {
  ...common,
  // By default one processor stays free.
  maxWorkers: '100%',
  testSequencer: '<rootDir>/test/longest-first.cjs',
  projects: [
    project('simulation', 3600),
    project('e2e', 180, onLocalRun),
    project('browser', 180, onLocalRun),
    project('client', 120, onLocalRun),
    project('local', 120),
    project('infra', 120),
    project('terminal', 120),
    project('tools', 120, onLocalRun),
    project('store', 120),
    project('unit', 120),
    project('whole', 120, { ...onLocalRun, testMatch: ['<rootDir>/test/*.test.ts'] }),
  ],
}
