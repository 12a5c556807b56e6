// Not by its name, which leads here.
const fc = require('../../node_modules/fast-check/lib/cjs/fast-check.js')

/** A property that holds for so many draws under a mutant will hardly notice it with hundreds more. */
const most = 40

const fewer = (options = {}) => ({ ...options, numRuns: Math.min(options.numRuns ?? most, most), endOnFailure: true })

const fewerRuns = { ...fc, assert: (property, options) => fc.assert(property, fewer(options)) }

module.exports = { ...fewerRuns, default: fewerRuns, __esModule: true }
