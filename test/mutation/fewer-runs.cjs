// By path: jest maps the name of the package to this file.
const fc = require('../../node_modules/fast-check/lib/cjs/fast-check.js')

/** More inputs than this rarely detect a further mutant. */
const maxRuns = 40

const limited = (options = {}) => ({
  ...options,
  numRuns: Math.min(options.numRuns ?? maxRuns, maxRuns),
  endOnFailure: true,
})

const fewerRuns = { ...fc, assert: (property, options) => fc.assert(property, limited(options)) }

module.exports = { ...fewerRuns, default: fewerRuns, __esModule: true }
