const { default: Sequencer } = require('@jest/test-sequencer')

/** Jest begins with the files that took longest or, in a fresh clone, are largest. The longest are small files. */
module.exports = class extends Sequencer {
  sort(tests) {
    const isLong = ({ path }) => path.includes('/test/simulation/')
    const sorted = super.sort(tests)
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))]
  }
}
