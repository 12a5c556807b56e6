import { systemClock } from '../../client/index.ts'
import { throwAsFailure } from '../client-failures.ts'
import { codeOf, exitCodes, Failure, reasonOf } from '../command/failure.ts'
import type { Output } from '../command/output.ts'
import type { Check, Finding } from './check.ts'
import { peopleFrom, type TokenHolder } from './people.ts'
import { persist } from './persist.ts'
import { lineOf, tableOf } from './report.ts'
import { type Settings, Site, unreachable } from './site.ts'

export type Checks = Readonly<Record<string, Check>>

export interface Run {
  settings: Settings
  checks: Checks
  /** The file with the tokens of the people. */
  tokens: string | undefined
  /** Seconds within which the deployment must answer. */
  timeout: number
  output: Output
}

/** Runs the checks one after another, prints what was seen, and deletes what was made. Resolves with the exit code. */
export async function runChecks({ settings, checks, tokens, timeout, output }: Run): Promise<number> {
  const site = new Site(settings, systemClock, output)
  const stopping = new AbortController()
  const stop = () => {
    if (stopping.signal.aborted) process.exit(exitCodes.interrupted)
    stopping.abort()
    site.stop()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  try {
    const end = site.clock.now() + timeout * 1000
    await site.identify(await tokenHolders(settings.url, tokens, end), end)
    const findings: Finding[] = []
    for (const [name, check] of Object.entries(checks)) {
      output.note(`${name} …`)
      findings.push(...(await findingsOf(check, site, stopping.signal)))
      await site.closeAll()
      if (stopping.signal.aborted) return exitCodes.interrupted
    }
    await print(settings.command, site, findings, output)
    return findings.some(({ verdict }) => verdict === 'failed') ? exitCodes.failed : exitCodes.done
  } catch (error) {
    return stopping.signal.aborted ? exitCodes.interrupted : throwAsFailure(error)
  } finally {
    await site.cleanUp()
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** The people of the file, or those of a local run, when it answers. */
const tokenHolders = (url: string, tokens: string | undefined, end: number): Promise<TokenHolder[]> => {
  const isUnreachable = (error: unknown) => codeOf(error) === 'unreachable'
  return persist(systemClock, end, () => peopleFrom(url, tokens), isUnreachable).catch((error: unknown) => {
    throw isUnreachable(error) ? unreachable(url, error) : error
  })
}

async function findingsOf(check: Check, site: Site, stopped: AbortSignal): Promise<Finding[]> {
  const expected = Object.entries(check.expects)
  try {
    const seen = await Promise.race([check.run(site), aborted(stopped)])
    return expected.map(([name, expects]) => ({
      check: name,
      expected: expects,
      ...(seen[name] ?? { verdict: 'unknown', seen: 'not tried' }),
    }))
  } catch (error) {
    if (error instanceof Failure) throw error
    return expected.map(([name, expects]) => ({
      check: name,
      verdict: 'failed',
      expected: expects,
      seen: reasonOf(error),
    }))
  }
}

const aborted = (signal: AbortSignal): Promise<Record<string, never>> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve({}), { once: true }))

async function print(command: string, site: Site, findings: readonly Finding[], output: Output): Promise<void> {
  const line = lineOf(command, site, findings)
  if (output.isJson) {
    for (const { check, verdict, expected, seen } of findings)
      await output.printJson({ check, verdict, expected, seen })
    return output.printJson({ line })
  }
  for (const row of tableOf(findings)) await output.print(row)
  await output.print(`\n${line}`)
}
