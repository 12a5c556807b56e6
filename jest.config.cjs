const swc = ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }]

module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Copies of the project that `npm run mutate` works on.
  modulePathIgnorePatterns: ['<rootDir>/coverage/'],
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
  testTimeout: 120_000,
}
