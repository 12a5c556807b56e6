import { readFileSync } from 'node:fs'
import { platform, versions } from 'node:process'
import { visible } from '../command/visible.ts'
import type { Finding, Verdict } from './check.ts'
import type { Site } from './site.ts'

/** The findings as a table. */
export function tableOf(findings: readonly Finding[]): string[] {
  const rows = [
    ['verdict', 'check', 'expected', 'seen'],
    ...findings.map(({ verdict, check, expected, seen }) => [verdict, check, expected, visible(seen)]),
  ]
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** One line for an issue: versions, counts, and what was seen. It names neither the host nor a person. */
export function lineOf(
  command: string,
  { settings, hello }: Pick<Site, 'settings' | 'hello'>,
  findings: readonly Finding[],
): string {
  const { protocol, pathname, host, hostname } = new URL(settings.url)
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  const place = `${isLocal ? 'a local run' : 'a deployment'} at ${protocol}//…${pathname}`
  const counts = (['passed', 'failed', 'unknown'] satisfies Verdict[])
    .map((verdict) => `${findings.filter((one) => one.verdict === verdict).length} ${verdict}`)
    .join(', ')
  const about = `persistent-chat ${version()} ${command} of ${place}, protocol ${hello?.protocol ?? '1.0'}, node ${versions.node}, ${platform}`
  const each = findings.map(({ check, verdict, seen }) => `${check} ${verdict} (${seen})`).join('; ')
  return visible(`${about}: ${counts}: ${each}`).replaceAll(host, '…').replaceAll(hostname, '…')
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return String(typeof manifest === 'object' && manifest && 'version' in manifest ? manifest.version : '?')
}
