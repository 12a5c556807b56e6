import { relative } from 'node:path'
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'

/** Prints a line for each mutant that no assertion killed as soon as it is known, and the figures at the end. */
class SurvivorsReporter {
  static inject = []

  /** Number of tested and of killed mutants by file. */
  #files = new Map()

  onMutantTested(mutant) {
    if (mutant.status === 'Ignored') return
    const file = relative('', mutant.fileName)
    const count = this.#files.get(file) ?? { tried: 0, killed: 0 }
    const isKilled = ['Killed', 'Timeout', 'RuntimeError'].includes(mutant.status)
    this.#files.set(file, { tried: count.tried + 1, killed: count.killed + (isKilled ? 1 : 0) })
    const outcome = outcomeOf(mutant)
    if (outcome === undefined) return
    const { line, column } = mutant.location.start
    const written = mutant.replacement.replace(/\s+/g, ' ').slice(0, 100)
    console.log(`${outcome} ${file}:${line}:${column} ${mutant.mutatorName} → ${written}`)
  }

  onMutationTestReportReady() {
    const rows = [...this.#files].sort(([one], [other]) => one.localeCompare(other))
    const sum = (count) => rows.reduce((all, [, row]) => all + row[count], 0)
    const all = ['all', { tried: sum('tried'), killed: sum('killed') }]
    for (const [file, { tried, killed }] of [...rows, all]) {
      console.log(`${file}: ${killed} of ${tried} killed, ${((100 * killed) / Math.max(1, tried)).toFixed(1)} %`)
    }
  }
}

function outcomeOf({ status, statusReason = '' }) {
  if (status === 'Survived') return 'survived'
  if (status === 'NoCoverage') return 'untested'
  if (status === 'Timeout' || /Exceeded timeout of/.test(statusReason)) return 'killed by time-out'
  return undefined
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Reporter, 'survivors', SurvivorsReporter)]
