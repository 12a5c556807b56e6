import { relative } from 'node:path'
import type { MutantResult } from '@stryker-mutator/api/core'

/** What became of the mutants of a part: the figure, and a line for each that no assertion killed. */
export function report(part: string, mutants: readonly MutantResult[]): string {
  const tried = mutants.filter(({ status }) => status !== 'Ignored' && status !== 'CompileError')
  const killed = tried.filter((mutant) => ['Killed', 'RuntimeError', 'Timeout'].includes(mutant.status))
  const percent = ((100 * killed.length) / Math.max(1, tried.length)).toFixed(1)
  const figure = `${part}: ${killed.length} of ${tried.length} killed (${percent} %), ${mutants.length - tried.length} ignored`
  return [figure, ...tried.flatMap(lineOf)].join('\n')
}

function lineOf(mutant: MutantResult): string[] {
  const fate = fateOf(mutant)
  if (fate === undefined) return []
  const { line, column } = mutant.location.start
  const written = mutant.replacement.replace(/\s+/g, ' ').slice(0, 100)
  return [`  ${fate} ${relative('', mutant.fileName)}:${line}:${column} ${mutant.mutatorName} → ${written}`]
}

function fateOf({ status, statusReason = '' }: MutantResult): string | undefined {
  if (status === 'Survived') return 'survived'
  if (status === 'NoCoverage') return 'untested'
  if (status === 'Timeout' || /Exceeded timeout of/.test(statusReason)) return 'killed by time-out'
  return undefined
}
